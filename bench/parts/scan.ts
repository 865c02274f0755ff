import { copyFileSync, linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';

import { findProgram } from '../../test/support/programs.ts';
import { built } from '../built.ts';
import { contest, wallOf, wallRows, type Contender } from '../contest.ts';
import { cacheFolder, tarballs, type Tarball } from '../corpus.ts';
import { measure, type Reading } from '../measure.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';
import { ratios } from '../stats.ts';

const MANY = 5000;
const LARGE = 10 * 1024 * 1024;

const SPEED_GOAL = 1.8;
const MEMORY_GOAL = 128e6;
/** The most that was needed counts, so a few rounds tell. */
const MEMORY_ROUNDS = 3;

/** Whole runs of `tarwarden scan`, as a user starts them. */
export async function scan({ rounds }: Context): Promise<Row[]> {
  mkdirSync(cacheFolder, { recursive: true });
  const folder = mkdtempSync(join(cacheFolder, 'bench-scan-'));
  try {
    const corpus = await tarballs('corpus');
    const many = join(folder, 'many');
    fill(many, corpus);
    const small = join(folder, 'small');
    fill(
      small,
      corpus.filter(({ bytes }) => bytes.length < LARGE),
    );
    return [
      ...(await speed(many, `scan of ${MANY} tarballs`, { rounds, goal: SPEED_GOAL })),
      ...(await speed(small, `scan of ${MANY} tarballs under 10 MB`, { rounds })),
      ...(await memory(Math.min(rounds, MEMORY_ROUNDS))),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function speed(
  many: string,
  group: string,
  { rounds, goal }: { rounds: number; goal?: number },
): Promise<Row[]> {
  const taskset = findProgram('taskset');
  if (taskset === undefined || availableParallelism() < 2) {
    console.error('no taskset, or one core only: cores are not compared');
    const all: Contender = { name: 'all cores', run: () => run([], [many]) };
    return wallRows(group, [all], await contest([all], rounds));
  }
  const [oneCore, twoCores] = ['one core', 'two cores'];
  const contenders: Contender[] = [
    { name: oneCore, run: () => run([taskset, '-c', '0'], [many]) },
    { name: twoCores, run: () => run([taskset, '-c', '0,1'], [many]) },
  ];
  const readings = await contest(contenders, rounds);
  const faster = ratios(wallOf(readings.get(oneCore) ?? []), wallOf(readings.get(twoCores) ?? []));
  const [oneRow, twoRow] = wallRows(group, contenders, readings);
  const measured = { ...twoRow!, over: oneCore, speed: faster };
  return [
    oneRow!,
    goal === undefined ? measured : { ...measured, goal: { of: 'ratio', least: goal } as const },
  ];
}

async function memory(rounds: number): Promise<Row[]> {
  const largest = await tarballs('largest');
  const sets = [
    ...largest.map((tarball) => ({ name: tarball.id, members: [tarball] })),
    { name: `all ${largest.length} in one run`, members: largest },
  ];
  const contenders = sets.map(({ name, members }) => ({
    name,
    fileBytes: Math.max(...members.map(({ bytes }) => bytes.length)),
    run: () =>
      run(
        [],
        members.map(({ file }) => file),
      ),
  }));
  const readings = await contest(contenders, rounds);
  const rows = wallRows('scan of large tarballs', contenders, readings);
  return rows.map((row, at) => ({
    ...row,
    fileBytes: contenders[at]!.fileBytes,
    goal: { of: 'memory', most: MEMORY_GOAL },
  }));
}

function run(before: readonly string[], paths: readonly string[]): Promise<Reading> {
  const program = [process.execPath, built('cli/bin/tarwarden.js')];
  // A file that is not accepted ends it with 1, and the measurement with it.
  const argv = [...before, ...program, 'scan', '--reporter', 'ndjson', ...paths];
  return measure({ argv, quiet: true });
}

/** The same bytes again and again, under names of their own, until there are enough files. */
function fill(folder: string, tarballs: readonly Tarball[]): void {
  mkdirSync(folder);
  for (let at = 0; at < MANY; at += 1) {
    const { file } = tarballs[at % tarballs.length]!;
    const link = join(folder, `${String(at).padStart(5, '0')}-${basename(file)}`);
    try {
      linkSync(file, link);
    } catch {
      copyFileSync(file, link);
    }
  }
}
