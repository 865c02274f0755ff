import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startRedis } from '../../test/support/servers.ts';
import { built } from '../built.ts';
import { cacheFolder, tarballs } from '../corpus.ts';
import { serving } from '../gateway/process.ts';
import type { Served } from '../gateway/registry.ts';
import { interrupted } from '../interrupt.ts';
import { measure, type Reading } from '../measure.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';
import { spread } from '../stats.ts';

/** Tarballs of the corpus that count as small. */
const SMALL = 1024 * 1024;
const COUNT = 5_000;
const A_SECOND_OF_A_CORE = 500;

/** `tarwarden-server sweep run` over a registry on the loopback address, with a Redis that begins with nothing in it. */
export async function sweep({ rounds }: Context): Promise<Row[]> {
  mkdirSync(cacheFolder, { recursive: true });
  const folder = mkdtempSync(join(cacheFolder, 'bench-sweep-'));
  const small = (await tarballs('corpus')).filter(({ bytes }) => bytes.length < SMALL);
  const served = small.map(({ id, file }): Served => {
    const at = id.lastIndexOf('@');
    return { name: id.slice(0, at), version: id.slice(at + 1), file };
  });
  const files = join(folder, 'files.json');
  writeFileSync(files, JSON.stringify(served));
  const program = ['scripts/run-ts.mjs', 'bench/gateway/registry.ts', files];
  const argv = [process.execPath, ...program];
  const registry = await serving(argv, { pattern: /^(\d+)$/, on: 'stdout' });
  try {
    const url = `http://127.0.0.1:${registry.said}`;
    const list = join(folder, 'addresses.txt');
    writeFileSync(list, addressesOf(served, url).join('\n'));
    const all: Reading[] = [];
    for (let round = 0; round <= rounds && !interrupted(); round += 1) {
      const result = await measured(url, list, mkdtempSync(join(folder, 'home-')));
      // The first round does not count.
      if (round > 0) all.push(result);
    }
    return rowsOf(all, rounds);
  } finally {
    await registry.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All tarballs by turns; no two have the same bytes. */
function addressesOf(served: readonly Served[], url: string): string[] {
  return Array.from({ length: COUNT }, (_, at) => {
    const { name, version } = served[at % served.length]!;
    const bare = name.slice(name.indexOf('/') + 1);
    return `${url}/copy-${Math.floor(at / served.length)}/${name}/-/${bare}-${version}.tgz`;
  });
}

async function measured(url: string, list: string, home: string): Promise<Reading> {
  const redis = await startRedis();
  try {
    const program = built('server/bin/tarwarden-server.js');
    const options = [`--registry=${url}`, `--list=${list}`, `--queue=${redis.url}`];
    const reading = await measure({
      argv: [
        process.execPath,
        program,
        'sweep',
        'run',
        ...options,
        `--out=${home}/verdicts.ndjson`,
      ],
      env: { ...process.env, HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home },
    });
    if (!reading.output.includes(`${COUNT} accepted, 0 rejected, 0 not inspected`))
      throw new Error(reading.output);
    return reading;
  } finally {
    await redis.close();
  }
}

function rowsOf(all: readonly Reading[], rounds: number): Row[] {
  if (all.length === 0) return [];
  const group = `sweep: ${COUNT} small tarballs`;
  const base = { group, rounds, packages: COUNT };
  const times = all.flatMap(({ cpu }) => cpu ?? []);
  const peaks = all.flatMap(({ peak }) => peak ?? []);
  const most = Math.round((COUNT / A_SECOND_OF_A_CORE) * 1000);
  return [
    { ...base, name: 'by the clock', unit: 'wall ms', time: spread(all.map(({ wall }) => wall)) },
    ...(times.length === 0
      ? []
      : [
          {
            ...base,
            name: 'processor, run',
            unit: 'cpu ms' as const,
            time: spread(times),
            goal: { of: 'time' as const, most },
            peakBytes: Math.max(...peaks),
          },
        ]),
  ];
}
