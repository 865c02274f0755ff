import { tarballs, type Tarball } from '../corpus.ts';
import { interrupted } from '../interrupt.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';
import { ratios, spread } from '../stats.ts';
import { CORE, CORE_VERIFIED, GUNZIP, READERS, type Reader } from './readers.ts';

const SMALL = 64 * 1024;
const LARGE = 10 * 1024 * 1024;
/** Times that the small ones are read in a round: once takes so little that a single collection of garbage decides. */
const SMALL_PASSES = 5;

/** Sets of tarballs that are timed apart in every round; the whole is their sum. */
type Sets = Readonly<Record<'small' | 'middle' | 'large', readonly Tarball[]>>;
type Set = keyof Sets;

/** Processor time in milliseconds by reader and set, round by round. */
type Times = Record<string, Record<Set, number[]>>;

/** One reader's time over another's, and the most that it may be, where there is a goal. */
interface Duel {
  readonly name: string;
  readonly over: string;
  readonly most?: number;
}

/** node-tar's list hashes nothing: the core is beside it with its hash, and without; and with a hash on both sides. */
const DUELS: Readonly<Record<'all' | 'small' | 'large', readonly Duel[]>> = {
  all: [
    { name: CORE, over: GUNZIP, most: 1.15 },
    { name: CORE, over: 'node-tar, list', most: 0.65 },
    { name: CORE_VERIFIED, over: 'node-tar, list', most: 0.65 },
    { name: CORE, over: 'node-tar, list, sha512' },
    { name: CORE, over: 'pnpm parser, sha512', most: 0.75 },
  ],
  small: [{ name: CORE, over: GUNZIP, most: 1.5 }],
  large: [],
};

/** Processor time of the core and of other readers of tarballs, in this process. */
export async function core({ rounds }: Context): Promise<Row[]> {
  const all = await tarballs('corpus');
  const sets: Sets = {
    small: all.filter(({ bytes }) => bytes.length < SMALL),
    middle: all.filter(({ bytes }) => bytes.length >= SMALL && bytes.length < LARGE),
    large: all.filter(({ bytes }) => bytes.length >= LARGE),
  };
  const times = await measureAll(sets, rounds);
  const whole = sumOf(times);
  return [
    ...rows(`${all.length} tarballs`, whole, DUELS.all),
    ...rows(`the ${sets.small.length} under 64 kB`, timesOf(times, 'small'), DUELS.small),
    ...rows(`the ${sets.large.length} from 10 MB`, timesOf(times, 'large'), DUELS.large),
  ];
}

async function measureAll(sets: Sets, rounds: number): Promise<Times> {
  const times: Times = {};
  for (let round = 0; round <= rounds; round++) {
    if (interrupted()) throw new Error('interrupted');
    const readers = Object.entries(READERS);
    for (const [name, read] of round % 2 === 0 ? readers : readers.toReversed()) {
      const own = (times[name] ??= { small: [], middle: [], large: [] });
      for (const set of Object.keys(sets) as Set[]) {
        const used = await processorTime(read, sets[set], set === 'small' ? SMALL_PASSES : 1);
        if (round > 0) own[set].push(used);
      }
    }
  }
  return times;
}

/** The time of one pass, in milliseconds. */
async function processorTime(
  read: Reader,
  set: readonly Tarball[],
  passes: number,
): Promise<number> {
  const before = process.cpuUsage();
  for (let pass = 0; pass < passes; pass++) for (const { bytes } of set) await read(bytes);
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000 / passes;
}

function timesOf(times: Times, set: Set): Record<string, number[]> {
  return Object.fromEntries(Object.keys(READERS).map((name) => [name, times[name]![set]]));
}

function sumOf(times: Times): Record<string, number[]> {
  return Object.fromEntries(
    Object.keys(READERS).map((name) => {
      const { small, middle, large } = times[name]!;
      return [name, small.map((value, round) => value + middle[round]! + large[round]!)];
    }),
  );
}

function rows(group: string, times: Record<string, number[]>, duels: readonly Duel[]): Row[] {
  const base = times[GUNZIP]!;
  const rowOf = (name: string, over: string): Row => {
    const most = duels.find((duel) => duel.name === name && duel.over === over)?.most;
    return {
      group,
      name,
      time: spread(times[name]!),
      unit: 'cpu ms',
      rounds: base.length,
      over,
      ratio: ratios(times[name]!, times[over]!),
      ...(most !== undefined && { goal: { of: 'ratio', most } }),
    };
  };
  return [
    ...Object.keys(READERS).map((name) => rowOf(name, GUNZIP)),
    ...duels.filter(({ over }) => over !== GUNZIP).map(({ name, over }) => rowOf(name, over)),
  ];
}
