import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startPostgres, startRedis, type Server } from '../../test/support/servers.ts';
import { built } from '../built.ts';
import { cacheFolder, tarballs } from '../corpus.ts';
import { serving } from '../gateway/process.ts';
import type { Served } from '../gateway/registry.ts';
import { interrupted } from '../interrupt.ts';
import { measure } from '../measure.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';
import { spread } from '../stats.ts';
import { processorOf } from '../sweep/processor.ts';

/** Tarballs of the corpus that count as small. */
const SMALL = 1024 * 1024;
const COUNT = 5_000;
const A_SECOND_OF_A_CORE = 500;
const QUEUES = ['Redis', 'PostgreSQL'] as const;

interface Measured {
  readonly wall: number;
  /** The processor time of `run`. */
  readonly cpu: number | undefined;
  readonly peak: number | undefined;
  readonly ledger: number | undefined;
  readonly queue: number | undefined;
}

/** `tarwarden-server sweep run` over a registry on the loopback address, with servers that begin with nothing in them. */
export async function sweep({ rounds }: Context): Promise<Row[]> {
  mkdirSync(cacheFolder, { recursive: true });
  const folder = mkdtempSync(join(cacheFolder, 'bench-sweep-'));
  const small = (await tarballs('corpus')).filter(({ bytes }) => bytes.length < SMALL);
  const served = small.map(({ id, file }): Served => {
    const at = id.lastIndexOf('@');
    return { name: id.slice(0, at), version: id.slice(at + 1), file };
  });
  const list = join(folder, 'list.json');
  writeFileSync(list, JSON.stringify(served));
  const program = ['scripts/run-ts.mjs', 'bench/gateway/registry.ts', list];
  const argv = [process.execPath, ...program];
  const registry = await serving(argv, { pattern: /^(\d+)$/, on: 'stdout' });
  try {
    const url = `http://127.0.0.1:${registry.said}`;
    const addresses = addressesOf(served, url);
    const names = join(folder, 'addresses.txt');
    writeFileSync(names, addresses.join('\n'));
    const rows: Row[] = [];
    for (const queue of QUEUES) {
      const all: Measured[] = [];
      for (let round = 0; round <= rounds && !interrupted(); round += 1) {
        const home = mkdtempSync(join(folder, 'home-'));
        const result = await measured({ queue, url, names, home, count: addresses.length });
        // The first does not count.
        if (round > 0) all.push(result);
      }
      rows.push(...rowsOf(queue, all, { rounds, packages: addresses.length }));
    }
    return rows;
  } finally {
    await registry.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All of them by turns; no two have the same bytes. */
function addressesOf(served: readonly Served[], url: string): string[] {
  return Array.from({ length: COUNT }, (_, at) => {
    const { name, version } = served[at % served.length]!;
    const bare = name.slice(name.indexOf('/') + 1);
    return `${url}/copy-${Math.floor(at / served.length)}/${name}/-/${bare}-${version}.tgz`;
  });
}

interface Sweep {
  readonly queue: (typeof QUEUES)[number];
  readonly url: string;
  readonly names: string;
  readonly home: string;
  readonly count: number;
}

async function measured({ queue, url, names, home, count }: Sweep): Promise<Measured> {
  const servers = await started(queue);
  try {
    const [ledger, other] = servers;
    const before = servers.map(({ pid }) => processorOf(pid));
    const { wall, cpu, peak, output } = await measure({
      argv: [
        process.execPath,
        built('server/bin/tarwarden-server.js'),
        'sweep',
        'run',
        `--registry=${url}`,
        `--source=list:${names}`,
        `--ledger=${ledger.url}`,
        `--queue=${(other ?? ledger).url}`,
      ],
      env: { ...process.env, HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home },
    });
    if (!output.includes(`${count} verdicts in the ledger`)) throw new Error(output);
    const [ledgerTime, queueTime] = servers.map(({ pid }, at) => {
      const after = processorOf(pid);
      return after === undefined ? undefined : after - (before[at] ?? 0);
    });
    return { wall, cpu, peak, ledger: ledgerTime, queue: queueTime };
  } finally {
    await Promise.all(servers.map(async (server) => server.close()));
  }
}

/** The ledger's server, and that of the queue where it is another. */
async function started(queue: Sweep['queue']): Promise<readonly [Server, ...Server[]]> {
  const ledger = await startPostgres();
  return queue === 'PostgreSQL' ? [ledger] : [ledger, await startRedis()];
}

function rowsOf(
  queue: Sweep['queue'],
  all: readonly Measured[],
  { rounds, packages }: { readonly rounds: number; readonly packages: number },
): Row[] {
  const group = `sweep: ${packages} small tarballs, the queue on ${queue}`;
  const times = (what: 'wall' | 'cpu' | 'ledger' | 'queue'): number[] =>
    all.flatMap((result) => result[what] ?? []);
  const peaks = all.flatMap(({ peak }) => peak ?? []);
  const most = Math.round((packages / A_SECOND_OF_A_CORE) * 1000);
  const rows = [
    { name: 'by the clock', unit: 'wall ms', of: times('wall') },
    { name: 'processor, run', unit: 'cpu ms', of: times('cpu'), goal: { of: 'time', most } },
    {
      name:
        queue === 'Redis' ? 'processor, PostgreSQL as the ledger' : 'processor, PostgreSQL as both',
      unit: 'cpu ms',
      of: times('ledger'),
    },
    { name: 'processor, Redis', unit: 'cpu ms', of: times('queue') },
  ] as const;
  return rows.flatMap((row): Row[] => {
    const { name, unit, of: statistic } = row;
    if (statistic.length === 0) return [];
    return [
      {
        group,
        name,
        unit,
        rounds,
        packages,
        time: spread(statistic),
        ...('goal' in row && {
          goal: row.goal,
          ...(peaks.length > 0 && { peakBytes: Math.max(...peaks) }),
        }),
      },
    ];
  });
}
