import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import pacote from 'pacote';

interface Listed {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

/** A real tarball of the committed list. */
export interface Tarball {
  readonly id: string;
  readonly bytes: Buffer;
}

const here = fileURLToPath(new URL('.', import.meta.url));
/** Where the tarballs are kept between runs. */
export const corpusFolder: string = join(here, '../node_modules/.cache/bench-corpus');

/**
 * The tarballs that corpus.json lists, from the cache or from the registry that npm is configured for. Their
 * integrity is checked each time, so that two machines measure the same bytes.
 */
export async function corpus(): Promise<Tarball[]> {
  const list = JSON.parse(readFileSync(join(here, 'corpus.json'), 'utf8')) as Listed[];
  mkdirSync(corpusFolder, { recursive: true });
  const tarballs = Array.from<Tarball>({ length: list.length });
  let next = 0;
  const registry = process.env['npm_config_registry'];
  const worker = async (): Promise<void> => {
    while (next < list.length) {
      const at = next++;
      const { name, version, integrity } = list[at]!;
      const id = `${name}@${version}`;
      const file = join(
        corpusFolder,
        `${createHash('sha256').update(integrity).digest('hex')}.tgz`,
      );
      let bytes = readIfPresent(file);
      if (bytes === undefined || !matches(bytes, integrity)) {
        bytes = await pacote.tarball(id, { integrity, ...(registry && { registry }) });
        writeFileSync(file, bytes);
      }
      tarballs[at] = { id, bytes };
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() * 8 }, worker));
  return tarballs;
}

function readIfPresent(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function matches(bytes: Buffer, integrity: string): boolean {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}` === integrity;
}
