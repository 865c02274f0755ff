/**
 * Long differential fuzzing: `pnpm fuzz [--format npm|sdist] [--minutes N] [--seed S] [--replay ROUND] [--managers N]`.
 *
 * Archives from the grammar and from mutations are inspected; what is accepted is unpacked by every extractor that is
 * there, and a sample of it is installed by the real package managers: a batch for every N that were accepted, none with
 * `--managers 0`. Exit 0: no failure. Exit 1: a crash, a hang, too much memory, or a disagreement; the input is left,
 * shrunk, in `.fuzz/`. The rounds run in a child process, so that a hang can be ended and named.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parsers } from '../test/differential/oracles/parsers.ts';
import { hasPython, programs, Tarfile } from '../test/differential/oracles/programs.ts';
import { sdistUnpackers } from '../test/differential/oracles/sdist-unpackers.ts';
import type { Oracle } from '../test/differential/oracles/file-map.ts';
import { check } from '../test/fuzz/check.ts';
import { inputOf } from '../test/fuzz/generate.ts';
import { ManagerSlice, type InstallFailure } from '../test/fuzz/managers/slice.ts';
import { sdistSeeds } from '../test/fuzz/sdist-seeds.ts';
import { seedTars } from '../test/fuzz/seeds.ts';
import { shrink } from '../test/fuzz/shrink.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.fuzz');
const MAX_RSS = 512 * 1024 * 1024;
const HANG_MS = 60_000;
/** Programs that unpack to disk cost a process each, so they see one accepted archive in so many. */
const PROGRAM_EVERY = 4;
const MAX_FAILURES = 20;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    replay: { type: 'string' },
    managers: { type: 'string' },
    format: { type: 'string', default: 'npm' },
    child: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000_007);
const minutes = Number(values.minutes);
const known = values.format === 'npm' || values.format === 'sdist';
const format = values.format === 'sdist' ? 'sdist' : 'npm';
// Those that are driven are of npm.
const managersEvery = Number(values.managers ?? (format === 'npm' ? 2000 : 0));
if (
  !Number.isFinite(seed) ||
  !known ||
  !(minutes > 0) ||
  !Number.isSafeInteger(managersEvery) ||
  managersEvery < 0
) {
  console.error(
    'usage: fuzz [--format npm|sdist] [--minutes N] [--seed S] [--replay ROUND] [--managers N]',
  );
  process.exit(2);
}
const roundFile = join(folder, `round-${seed}`);
mkdirSync(folder, { recursive: true });
process.exitCode = values.child ? await rounds() : await watch();

async function rounds(): Promise<number> {
  const { seeds, light, all, end } = await (format === 'sdist' ? ofSdists() : ofNpm());
  const slice = new ManagerSlice({ every: managersEvery, seed, seeds });
  const counts = {
    archives: 0,
    accepted: 0,
    withoutFinding: 0,
    onDisk: 0,
    refusals: 0,
    failures: 0,
  };
  let maxRss = 0;
  const stop = Date.now() + minutes * 60_000;
  const only = values.replay === undefined ? undefined : Number(values.replay);
  for (let round = only ?? 0; Date.now() < stop && counts.failures < MAX_FAILURES; round++) {
    writeFileSync(roundFile, String(round));
    const tgz = inputOf(seed, round, seeds);
    const heavy = only !== undefined || round % PROGRAM_EVERY === 0;
    const oracles = heavy ? all : light;
    const { verdict, failure, refusals } = await check(tgz, oracles, { format });
    counts.archives++;
    counts.refusals += refusals;
    if (verdict?.status === 'accept') {
      counts.accepted++;
      if (heavy) counts.onDisk++;
      if (verdict.findings.length === 0) counts.withoutFinding++;
      for (const archive of await alive(round, slice.take(round))) {
        counts.failures++;
        keep(archive);
      }
    }
    if (failure) {
      counts.failures++;
      const small = await shrink(
        tgz,
        async (smaller) =>
          (await check(smaller, oracles, { format })).failure?.kind === failure.kind,
      );
      keep({ ...failure, round, tgz: small });
    }
    if (round % 500 === 0) maxRss = Math.max(maxRss, process.memoryUsage().rss);
    if (only === undefined) continue;
    for (const archive of await alive(round, slice.install())) {
      counts.failures++;
      keep(archive);
    }
    break;
  }
  await end();
  const rate = ((100 * counts.accepted) / counts.archives).toFixed(1);
  console.log(`oracles: ${[...all.map(({ name }) => name), ...slice.managers].join(', ')}`);
  const { installed, refused } = slice;
  console.log(
    `seed ${seed}: ${JSON.stringify({ ...counts, installed, refused, acceptRate: `${rate} %`, maxRssMiB: maxRss >> 20 })}`,
  );
  if (maxRss > MAX_RSS) console.log(`memory: ${maxRss} bytes, more than ${MAX_RSS}`);
  return counts.failures > 0 || maxRss > MAX_RSS ? 1 : 0;
}

/** The parts of the archives, and the programs that unpack them. */
interface Fuzzed {
  readonly seeds: readonly Buffer[];
  readonly light: readonly Oracle[];
  /** And the programs that cost a process each. */
  readonly all: readonly Oracle[];
  readonly end: () => Promise<unknown>;
}

async function ofNpm(): Promise<Fuzzed> {
  const seeds = await seedTars();
  const tarfile = hasPython ? new Tarfile() : undefined;
  const light = [...parsers, ...(tarfile ? [tarfile] : [])];
  return { seeds, light, all: [...light, ...programs], end: async () => tarfile?.end() };
}

async function ofSdists(): Promise<Fuzzed> {
  const found = await sdistUnpackers();
  const { unpackers } = found;
  return {
    seeds: sdistSeeds(),
    light: unpackers,
    all: [...unpackers, ...found.programs],
    end: () => Promise.all(unpackers.map((unpacker) => unpacker.end())),
  };
}

/** Leaves what failed in the folder, and says so. */
function keep({ kind, round, detail, tgz }: InstallFailure): void {
  const name = `${kind}-${seed}-${round}`;
  writeFileSync(join(folder, `${name}.tgz`), tgz);
  writeFileSync(join(folder, `${name}.txt`), `${detail}\n`);
  console.log(`round ${round}: ${kind}\n${detail}\nkept as .fuzz/${name}.tgz`);
}

/** Installs take minutes; meanwhile the parent is told that the round still runs. */
async function alive<T>(round: number, work: Promise<T>): Promise<T> {
  const timer = setInterval(() => writeFileSync(roundFile, `${round} ${Date.now()}`), 5000);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/** Runs the rounds in a child and ends it when one round does not end. */
async function watch(): Promise<number> {
  writeFileSync(roundFile, '0');
  const child = spawn(
    process.execPath,
    [
      join(root, 'scripts/run-ts.mjs'),
      join(root, 'scripts/fuzz.ts'),
      ...process.argv.slice(2),
      '--seed',
      String(seed),
      '--child',
    ],
    { stdio: 'inherit' },
  );
  let last = '';
  let since = Date.now();
  const timer = setInterval(() => {
    const round = readFileSync(roundFile, 'utf8');
    if (round !== last) {
      last = round;
      since = Date.now();
    } else if (Date.now() - since > HANG_MS) {
      const [number] = round.split(' ');
      console.log(`round ${number} of seed ${seed} does not end; --replay ${number} runs it alone`);
      child.kill('SIGKILL');
    }
  }, 1000);
  const code = await new Promise<number>((resolve) =>
    child.on('exit', (exit) => resolve(exit ?? 1)),
  );
  clearInterval(timer);
  return code;
}
