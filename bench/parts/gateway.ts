import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { load, type Load } from '../gateway/load.ts';
import { serving, type Serving } from '../gateway/process.ts';
import type { Served } from '../gateway/registry.ts';
import { built } from '../built.ts';
import { cacheFolder, tarballs } from '../corpus.ts';
import { interrupted } from '../interrupt.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';
import { ratios, spread } from '../stats.ts';

/** Tarballs of the corpus that count as small. */
const SMALL = 1024 * 1024;
const CONNECTIONS = 32;
/** How often all of them are asked for where their verdicts are known. */
const TIMES = 8;
const MANY = 100;
/** How often all of them are inspected, and refused under a name that is not theirs, before anything is measured. */
const BEFORE = 6;

const WARM_A_SECOND = 4_000;
const COLD_A_SECOND_OF_A_CORE = 700;
const P99 = 40;
const MEMORY = 300e6;

/** `tarwarden-server gateway` in front of a registry on the loopback address, with clients on the same machine. */
export async function gateway({ rounds }: Context): Promise<Row[]> {
  mkdirSync(cacheFolder, { recursive: true });
  const folder = mkdtempSync(join(cacheFolder, 'bench-gateway-'));
  const corpus = (await tarballs('corpus')).filter(({ bytes }) => bytes.length < SMALL);
  const list = join(folder, 'list.json');
  writeFileSync(list, JSON.stringify(corpus.map(({ id, file }) => servedOf(id, file))));
  const program = ['scripts/run-ts.mjs', 'bench/gateway/registry.ts', list];
  const registry = await serving([process.execPath, ...program], {
    pattern: /^(\d+)$/,
    on: 'stdout',
  });
  try {
    const at = { folder, registry };
    const paths = corpus.map(({ id, file }) => pathOf(servedOf(id, file)));
    return [...(await small(at, paths, rounds)), ...(await large(at))];
  } finally {
    await registry.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Place {
  readonly folder: string;
  readonly registry: Serving;
}

function servedOf(id: string, file: string): Served {
  const at = id.lastIndexOf('@');
  return { name: id.slice(0, at), version: id.slice(at + 1), file };
}

function pathOf({ name, version }: Served): string {
  return `/${name}/-/${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
}

function againOf(path: string, i: number): string {
  const name = path.slice(1, path.indexOf('/-/'));
  const bare = name.slice(name.indexOf('/') + 1);
  return path.replace(bare, `again-${i}.${bare}`).replace(`/-/${bare}`, `/-/again-${i}.${bare}`);
}

/** With no verdicts, and nothing waiting. */
async function started({ folder, registry }: Place): Promise<Serving> {
  const home = mkdtempSync(join(folder, 'home-'));
  const upstream = `http://127.0.0.1:${registry.said}`;
  const args = ['gateway', '--upstream', upstream, '--listen', '127.0.0.1:0'];
  const argv = [
    process.execPath,
    built('server/bin/tarwarden-server.js'),
    ...args,
    '--log-level',
    'error',
  ];
  const env = { ...process.env, HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home };
  return serving(argv, { pattern: / at (http:\S+?)\/?$/, on: 'stderr', env });
}

interface Measured extends Load {
  readonly cpu: number;
}

async function measured(server: Serving, run: () => Promise<Load>): Promise<Measured> {
  const before = server.cpu() ?? 0;
  const done = await run();
  return { ...done, cpu: (server.cpu() ?? 0) - before };
}

async function small(place: Place, paths: readonly string[], rounds: number): Promise<Row[]> {
  const often = Array.from({ length: TIMES }, () => paths).flat();
  const bare: Measured[] = [];
  const cold: Measured[] = [];
  const warm: Measured[] = [];
  for (let round = 0; round <= rounds && !interrupted(); round += 1) {
    const server = await started(place);
    const own = (all: readonly string[]): string[] => all.map((path) => server.said + path);
    const { registry } = place;
    const registrys = often.map((path) => `http://127.0.0.1:${registry.said}${path}`);
    const results: Measured[] = [];
    try {
      for (let i = 0; i < BEFORE; i += 1)
        await load(own(paths.map((path) => againOf(path, i))), CONNECTIONS, 403);
      results.push(await measured(registry, async () => load(registrys, CONNECTIONS)));
      results.push(await measured(server, async () => load(own(paths), CONNECTIONS)));
      results.push(await measured(server, async () => load(own(often), CONNECTIONS)));
    } finally {
      await server.end();
    }
    // The first does not count.
    if (round === 0) continue;
    for (const [at, list] of [bare, cold, warm].entries()) list.push(results[at]!);
  }
  const many = often.length;
  const common = { unit: 'wall ms', rounds } as const;
  const group = `gateway: ${many} downloads of ${paths.length} small tarballs`;
  const over = 'from the registry';
  const ratio = ratios(
    warm.map(({ wall }) => wall),
    bare.map(({ wall }) => wall),
  );
  const warmGoal = { of: 'time', most: Math.round((many / WARM_A_SECOND) * 1000) } as const;
  const coldGoal = {
    of: 'time',
    most: Math.round((paths.length / COLD_A_SECOND_OF_A_CORE) * 1000),
  } as const;
  const coldGroup = `gateway: ${paths.length} small tarballs without a verdict`;
  return [
    { ...common, group, name: over, time: spread(bare.map(({ wall }) => wall)), packages: many },
    {
      ...common,
      group,
      name: 'verdicts known',
      time: spread(warm.map(({ wall }) => wall)),
      packages: many,
      over,
      ratio,
      goal: warmGoal,
    },
    {
      ...common,
      group,
      name: '99 of 100, verdicts known',
      time: spread(warm.map(({ p99 }) => p99)),
      goal: { of: 'time', most: P99 },
    },
    {
      ...common,
      group,
      name: 'processor, verdicts known',
      unit: 'cpu ms',
      time: spread(warm.map(({ cpu }) => cpu)),
    },
    {
      ...common,
      group: coldGroup,
      name: 'by the clock',
      time: spread(cold.map(({ wall }) => wall)),
      packages: paths.length,
    },
    {
      ...common,
      group: coldGroup,
      name: 'processor',
      unit: 'cpu ms',
      time: spread(cold.map(({ cpu }) => cpu)),
      packages: paths.length,
      goal: coldGoal,
    },
    { ...common, group: coldGroup, name: '99 of 100', time: spread(cold.map(({ p99 }) => p99)) },
  ];
}

/** Memory, and how often the registry is asked. Once each: the most that was needed counts. */
async function large(place: Place): Promise<Row[]> {
  const path = (i: number): string => `/large-${i}/-/large-${i}-1.0.0.tgz`;
  const kinds = [
    { name: `${MANY} downloads of one of 40 MB`, numbers: Array<number>(MANY).fill(0) },
    { name: `${MANY} of 40 MB, all different`, numbers: Array.from({ length: MANY }, (_, i) => i) },
  ];
  const rows: Row[] = [];
  for (const { name, numbers } of kinds) {
    const server = await started(place);
    const urls = numbers.map((i) => server.said + path(i));
    const before = Number(await place.registry.ask());
    const { wall } = await load(urls, MANY).catch(async (error: unknown) => {
      await server.end();
      throw error;
    });
    const fetched = Number(await place.registry.ask()) - before;
    const wanted = new Set(numbers).size;
    const peakBytes = server.peak();
    await server.end();
    if (fetched !== wanted) throw new Error(`${name}: the registry was asked ${fetched} times`);
    rows.push({
      group: 'gateway: large tarballs at once, without a verdict',
      name,
      time: spread([wall]),
      unit: 'wall ms',
      rounds: 1,
      packages: MANY,
      ...(peakBytes !== undefined && { peakBytes }),
      goal: { of: 'memory', most: MEMORY },
    });
  }
  return rows;
}
