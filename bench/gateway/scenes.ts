/* The requests that clients send to each server in turn, and their cost. */
import { interrupted } from '../interrupt.ts';
import {
  GATEWAY,
  startGateway,
  startRegistry,
  startVerdaccio,
  type Contender,
  type Name,
} from './contenders.ts';
import { LARGE_DOCUMENT } from './documents.ts';
import { load, type Load, type LoadOptions } from './load.ts';
import type { Served } from './registry.ts';

const CONNECTIONS = 32;
const MANY_CONNECTIONS = 500;
/** How often all tarballs are asked for where their verdicts are known, and all documents. */
const TARBALL_TIMES = 8;
const DOCUMENT_TIMES = 4;
const LARGE_DOCUMENTS = 50;
/** Other packages that clients ask for before anything is measured, so that the programs are compiled. */
const BEFORE = 2_000;

const ABBREVIATED = { accept: 'application/vnd.npm.install-v1+json', 'accept-encoding': 'gzip' };
const WHOLE = { accept: 'application/json', 'accept-encoding': 'gzip' };

export const SCENES = [
  'cold',
  'warm',
  'abbreviated',
  'whole',
  'large',
  'many',
  'downTarballs',
  'downDocuments',
] as const;
export type Scene = (typeof SCENES)[number];

/** The cost of a scene, in one round. */
export interface Cost extends Load {
  readonly requests: number;
  readonly cpu: number | undefined;
  readonly peak: number | undefined;
}

/** The results of one contender in one round. A scene that it cannot play is absent. */
export interface Round {
  readonly startup: number;
  readonly atRest: number | undefined;
  readonly costs: Readonly<Partial<Record<Scene, Cost>>>;
}

export type Rounds = Readonly<Record<Name, readonly Round[]>>;

interface Asked extends LoadOptions {
  /** Below the address of the server. */
  readonly paths: readonly string[];
  /** Ask before, and do not measure that. */
  readonly isWarm: boolean;
}

/** Every scene, `rounds` times after one time that does not count. */
export async function playRounds(
  {
    folder,
    list,
    served,
  }: { readonly folder: string; readonly list: string; readonly served: readonly Served[] },
  rounds: number,
): Promise<Rounds> {
  const all: Record<string, Round[]> = {};
  for (let round = 0; round <= rounds && !interrupted(); round += 1) {
    const played = await playRound({ folder, list, served, isReversed: round % 2 === 1 });
    if (round === 0) continue;
    for (const [name, result] of played) (all[name] ??= []).push(result);
  }
  return all as Record<Name, Round[]>;
}

async function playRound({
  folder,
  list,
  served,
  isReversed,
}: {
  readonly folder: string;
  readonly list: string;
  readonly served: readonly Served[];
  readonly isReversed: boolean;
}): Promise<ReadonlyMap<Name, Round>> {
  const registry = await startRegistry(list);
  const started = [registry];
  try {
    started.push(
      await startVerdaccio(folder, registry.url),
      await startGateway(folder, registry.url),
    );
    const contenders = isReversed ? started.toReversed() : started;
    const rest = contenders.map(({ server }) => server.memory());
    const costs = contenders.map((): Partial<Record<Scene, Cost>> => ({}));
    for (const contender of contenders) await compile(contender);
    const scenes = scenesOf(served);
    for (const scene of SCENES) {
      const isDown = scene === 'downTarballs' || scene === 'downDocuments';
      if (scene === 'downTarballs') await registry.server.end();
      for (const [at, contender] of contenders.entries())
        if (!isDown || contender.keeps) costs[at]![scene] = await cost(contender, scenes[scene]);
    }
    return new Map(
      contenders.map(({ name, startup }, at) => [
        name,
        { startup, atRest: rest[at], costs: costs[at]! },
      ]),
    );
  } finally {
    await Promise.all(started.map(async ({ server }) => server.end()));
  }
}

function scenesOf(served: readonly Served[]): Record<Scene, Asked> {
  const tarballs = served.map(pathOf);
  const documents = served.map(({ name }) => `/${name.replace('/', '%2f')}`);
  const often = <Item>(times: number, items: readonly Item[]): Item[] =>
    Array.from({ length: times }, () => items).flat();
  const warm = { paths: often(TARBALL_TIMES, tarballs), connections: CONNECTIONS, isWarm: true };
  const documented = {
    paths: often(DOCUMENT_TIMES, documents),
    connections: CONNECTIONS,
    isWarm: true,
  };
  const large = {
    paths: often(LARGE_DOCUMENTS, [`/${LARGE_DOCUMENT}`]),
    connections: 8,
    isWarm: true,
  };
  const abbreviated = { ...documented, headers: ABBREVIATED };
  return {
    cold: { paths: tarballs, connections: CONNECTIONS, isWarm: false },
    warm,
    abbreviated,
    whole: { ...documented, headers: WHOLE },
    large: { ...large, headers: ABBREVIATED },
    many: { ...warm, connections: MANY_CONNECTIONS },
    downTarballs: warm,
    downDocuments: abbreviated,
  };
}

async function compile({ url }: Contender): Promise<void> {
  const urls = Array.from(
    { length: BEFORE },
    (_, at) => `${url}/small-${at}/-/small-${at}-1.0.0.tgz`,
  );
  for (let again = 0; again < 2; again += 1) await load(urls, { connections: CONNECTIONS });
}

async function cost(
  { url, server }: Contender,
  { paths, isWarm, ...options }: Asked,
): Promise<Cost> {
  const urls = paths.map((path) => url + path);
  if (isWarm) await load([...new Set(urls)], options);
  server.forgetPeak();
  const before = server.cpu();
  const done = await load(urls, options);
  const after = server.cpu();
  const cpu = before === undefined || after === undefined ? undefined : after - before;
  return { ...done, cpu, requests: urls.length, peak: server.peak() };
}

function pathOf({ name, version }: Omit<Served, 'file'>): string {
  return `/${name}/-/${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
}

const MANY_LARGE = 100;

export interface LargeCost {
  readonly name: string;
  readonly contender: Name;
  readonly wall: number;
  readonly peak: number | undefined;
}

/** Tarballs of 40 MB at once, for servers that have none of them. Once each: the most memory that was needed counts. */
export async function playLarge(folder: string, list: string): Promise<LargeCost[]> {
  const kinds = [
    { name: `${MANY_LARGE} downloads of one of 40 MB`, numbers: Array<number>(MANY_LARGE).fill(0) },
    {
      name: `${MANY_LARGE} of 40 MB, all different`,
      numbers: Array.from({ length: MANY_LARGE }, (_, at) => at),
    },
  ];
  const costs: LargeCost[] = [];
  for (const { name, numbers } of kinds)
    for (const start of [startVerdaccio, startGateway]) {
      const registry = await startRegistry(list);
      const contender = await start(folder, registry.url);
      try {
        const urls = numbers.map((at) => `${contender.url}/large-${at}/-/large-${at}-1.0.0.tgz`);
        const { wall } = await load(urls, { connections: MANY_LARGE });
        const fetched = Number(await registry.server.ask());
        if (contender.name === GATEWAY && fetched !== new Set(numbers).size)
          throw new Error(`${name}: the registry was asked ${fetched} times`);
        costs.push({ name, contender: contender.name, wall, peak: contender.server.peak() });
      } finally {
        await Promise.all([contender, registry].map(async ({ server }) => server.end()));
      }
    }
  return costs;
}
