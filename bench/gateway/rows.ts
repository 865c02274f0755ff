/* The measurements of the servers as rows of the report: the gateway beside the registry and verdaccio, round by round. */
import type { Goal, Row } from '../result.ts';
import { ratios, spread } from '../stats.ts';
import { GATEWAY, REGISTRY, VERDACCIO, type Name } from './contenders.ts';
import type { Cost, LargeCost, Rounds, Scene } from './scenes.ts';

/** The goals that were set before the measurement. */
const WARM: Goal = { of: 'ratio', least: 3 };
const COLD: Goal = { of: 'ratio', least: 1 };
const P99: Goal = { of: 'ratio', most: 1 };
const LARGE_MEMORY: Goal = { of: 'memory', most: 300e6 };
/** Half of the least memory that the compose file and the chart give it. */
const MEMORY: Goal = { of: 'memory', most: 512e6 };

interface Table {
  readonly scene: Scene;
  readonly title: string;
  readonly goal?: Goal;
  /** Whether the times of single requests have rows. */
  readonly latency?: Goal | true;
}

const TABLES: readonly Table[] = [
  { scene: 'warm', title: 'small tarballs again', goal: WARM, latency: P99 },
  { scene: 'cold', title: 'small tarballs for the first time', goal: COLD, latency: true },
  { scene: 'abbreviated', title: 'abbreviated documents again' },
  { scene: 'whole', title: 'whole documents again' },
  { scene: 'large', title: 'one document of 1,500 versions again, abbreviated' },
  { scene: 'downTarballs', title: 'small tarballs again, the registry down' },
  { scene: 'downDocuments', title: 'abbreviated documents again, the registry down' },
];

const NAMES: readonly Name[] = [REGISTRY, VERDACCIO, GATEWAY];

export function rowsOf(all: Rounds, rounds: number): Row[] {
  const rows = TABLES.flatMap((table) => [
    ...speedRows(all, table, rounds),
    ...(table.latency === undefined
      ? []
      : [...processorRows(all, table, rounds), ...latencyRows(all, table, rounds)]),
  ]);
  return [...rows, ...memoryRows(all, rounds)];
}

function costsOf(all: Rounds, name: Name, scene: Scene): Cost[] {
  return (all[name] ?? []).flatMap(({ costs }) => costs[scene] ?? []);
}

function speedRows(all: Rounds, { scene, title, goal }: Table, rounds: number): Row[] {
  const walls = (name: Name): number[] => costsOf(all, name, scene).map(({ wall }) => wall);
  return NAMES.flatMap((name): Row[] => {
    const own = walls(name);
    const { requests } = costsOf(all, name, scene)[0] ?? {};
    if (own.length === 0 || requests === undefined) return [];
    const isGateway = name === GATEWAY;
    const bare = name === REGISTRY ? [] : walls(REGISTRY);
    const other = isGateway ? walls(VERDACCIO) : [];
    return [
      {
        group: `gateway: ${title}`,
        name,
        unit: 'wall ms',
        rounds,
        time: spread(own),
        requests,
        ...(bare.length > 0 && { bareSpeed: ratios(bare, own) }),
        ...(other.length > 0 && { over: VERDACCIO, speed: ratios(other, own) }),
        ...(isGateway && goal && { goal }),
      },
    ];
  });
}

/** The processor time of the servers alone: the clients and the registry share the cores with them. */
function processorRows(all: Rounds, { scene, title }: Table, rounds: number): Row[] {
  const times = (name: Name): number[] => costsOf(all, name, scene).flatMap(({ cpu }) => cpu ?? []);
  return NAMES.flatMap((name): Row[] => {
    const [own, other] = [times(name), times(VERDACCIO)];
    if (own.length === 0) return [];
    return [
      {
        group: `gateway: ${title}`,
        name: `${name}, processor`,
        unit: 'cpu ms',
        rounds,
        time: spread(own),
        ...(name === GATEWAY && { over: `${VERDACCIO}, processor`, ratio: ratios(own, other) }),
      },
    ];
  });
}

function latencyRows(all: Rounds, { scene, title, latency }: Table, rounds: number): Row[] {
  const parts = [
    { part: 'p50', words: 'half of them' },
    { part: 'p99', words: '99 of 100' },
  ] as const;
  return parts.flatMap(({ part, words }) =>
    NAMES.flatMap((name): Row[] => {
      const times = (server: Name): number[] =>
        costsOf(all, server, scene).map((cost) => cost[part]);
      const [own, other] = [times(name), times(VERDACCIO)];
      if (own.length === 0) return [];
      const compared = name === GATEWAY && other.length > 0;
      return [
        {
          group: `gateway: ${title}, the time of a request`,
          name: `${name}, ${words}`,
          unit: 'wall ms',
          rounds,
          time: spread(own),
          ...(compared && { over: `${VERDACCIO}, ${words}`, ratio: ratios(own, other) }),
          ...(compared && part === 'p99' && typeof latency === 'object' && { goal: latency }),
        },
      ];
    }),
  );
}

function memoryRows(all: Rounds, rounds: number): Row[] {
  return [VERDACCIO, GATEWAY].flatMap((name): Row[] => {
    const own = all[name as Name] ?? [];
    const many = costsOf(all, name as Name, 'many');
    const most = (bytes: readonly (number | undefined)[]): { peakBytes?: number } => {
      const known = bytes.flatMap((count) => count ?? []);
      return known.length === 0 ? {} : { peakBytes: Math.max(...known) };
    };
    const common = { group: 'gateway: memory', unit: 'wall ms', rounds } as const;
    if (own.length === 0) return [];
    return [
      {
        ...common,
        name: `${name}, at rest, after its start`,
        time: spread(own.map(({ startup }) => startup)),
        ...most(own.map(({ atRest }) => atRest)),
      },
      {
        ...common,
        name: `${name}, 500 connections with small tarballs`,
        time: spread(many.map(({ wall }) => wall)),
        ...(many[0] && { requests: many[0].requests }),
        ...most(many.map(({ peak }) => peak)),
        ...(name === GATEWAY && { goal: MEMORY }),
      },
    ];
  });
}

export function largeRows(costs: readonly LargeCost[]): Row[] {
  return costs.map(({ name, contender, wall, peak }) => {
    const other = costs.find((cost) => cost.name === name && cost.contender === VERDACCIO);
    const isGateway = contender === GATEWAY;
    return {
      group: 'gateway: large tarballs at once, for the first time',
      name: `${contender}, ${name}`,
      time: spread([wall]),
      unit: 'wall ms',
      rounds: 1,
      ...(peak !== undefined && { peakBytes: peak }),
      ...(isGateway &&
        other && { over: `${VERDACCIO}, ${name}`, ratio: ratios([wall], [other.wall]) }),
      ...(isGateway && { goal: LARGE_MEMORY }),
    };
  });
}
