import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { cacheFolder, tarballs } from '../corpus.ts';
import type { Served } from '../gateway/registry.ts';
import { largeRows, rowsOf } from '../gateway/rows.ts';
import { playLarge, playRounds } from '../gateway/scenes.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';

/** Tarballs of the corpus that count as small. */
const SMALL = 1024 * 1024;

/** A registry on the loopback address, verdaccio and `tarwarden-server gateway` in front of it, and clients on the same machine. */
export async function gateway({ rounds }: Context): Promise<Row[]> {
  mkdirSync(cacheFolder, { recursive: true });
  const folder = mkdtempSync(join(cacheFolder, 'bench-gateway-'));
  try {
    const corpus = (await tarballs('corpus')).filter(({ bytes }) => bytes.length < SMALL);
    const served = corpus.map(({ id, file }): Served => {
      const at = id.lastIndexOf('@');
      return { name: id.slice(0, at), version: id.slice(at + 1), file };
    });
    const list = join(folder, 'list.json');
    writeFileSync(list, JSON.stringify(served));
    const small = rowsOf(await playRounds({ folder, list, served }, rounds), rounds);
    return [...small, ...largeRows(await playLarge(folder, list))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
