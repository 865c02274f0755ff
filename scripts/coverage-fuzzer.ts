/**
 * Runs a target under Jazzer.js (libFuzzer for Node), in a process of its own: it instruments the core's code on
 * loading and keeps inputs that reach something new. A crash, a hang or too much memory ends the run.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { packageSources, root } from './workspace.mjs';

const targetFolder = fileURLToPath(new URL('../test/fuzz/guided', import.meta.url));
/** The code whose coverage guides the fuzzer. */
const readerSources = ['core/src', 'guard/src/seal'].map(
  (path) => join(root, 'packages', path) + sep,
);
/** Files with this in their name are the ones that Jazzer.js instruments. */
const INSTRUMENTED = 'instrumented-';
const READERS = `${INSTRUMENTED}readers.cjs`;

/** Longest that one input may take, also on a busy machine; far more than any takes. */
export const HANG_MS = 10_000;
/** Between two looks at how far a run has come. */
const STATUS_MS = 60_000;
/** Memory of the whole process; it starts with some 160 MiB. */
const MAX_RSS_MIB = 1024;

export interface Run {
  readonly name: string;
  /** Holds the target's corpus and failures; made if need be. */
  readonly folder: string;
  readonly seeds: readonly Buffer[];
  readonly seed: number;
  readonly maxBytes: number;
  readonly seconds: number;
  /** 0: as many as there is time for. */
  readonly executions: number;
  /** Told now and then. */
  readonly onStatus?: (status: Status) => void;
}

/** How far a run has come: edges of the core's code that were reached, and features (edges by how often). */
export interface Status {
  readonly executions: number;
  readonly edges: number;
  readonly features: number;
  /** Inputs that the fuzzer works with. */
  readonly corpus: number;
}

export interface Outcome {
  readonly executions: number;
  /** After the seeds and what was kept from earlier runs. */
  readonly first: Status | undefined;
  readonly last: Status | undefined;
  readonly seconds: number;
  readonly maxRssMiB: number;
  readonly failure:
    | { readonly kind: string; readonly file: string; readonly detail: string }
    | undefined;
}

export async function run(options: Run): Promise<Outcome> {
  const corpus = join(options.folder, 'corpus');
  const failures = join(options.folder, 'failures');
  const seeds = join(options.folder, 'seeds');
  for (const folder of [corpus, failures, seeds]) mkdirSync(folder, { recursive: true });
  for (const bytes of options.seeds) writeFileSync(join(seeds, digest(bytes)), bytes);
  const target = await bundle(options.name, join(options.folder, 'build'));
  const started = performance.now();
  // Without --sync, so that the event loop turns between inputs: what Node frees only then would pile up.
  const { code, log } = await jazzer(
    [
      [target, corpus, seeds, '--includes', INSTRUMENTED],
      ['--disableBugDetectors', '.*', '--timeout', String(HANG_MS), '--'],
      [`-seed=${options.seed}`, `-max_len=${options.maxBytes}`, `-rss_limit_mb=${MAX_RSS_MIB}`],
      [
        `-max_total_time=${options.seconds}`,
        `-runs=${options.executions > 0 ? options.executions : -1}`,
      ],
      [`-artifact_prefix=${failures}${sep}`, '-print_final_stats=1'],
    ].flat(),
    { log: join(options.folder, 'log.txt'), onStatus: options.onStatus },
  );
  const statuses = [...log.matchAll(STATUS)].map(statusOf);
  const initial = [...log.matchAll(STATUS)].findIndex((match) => match[2] === 'INITED');
  const kept = /Test unit written to (.+)$/m.exec(log)?.[1];
  const stat = (name: string): number =>
    Number(new RegExp(`stat::${name}:\\s*(\\d+)`).exec(log)?.[1] ?? 0);
  return {
    executions: stat('number_of_executed_units'),
    first: statuses[initial],
    last: statuses.at(-1),
    seconds: (performance.now() - started) / 1000,
    maxRssMiB: stat('peak_rss_mb'),
    failure:
      code === 0
        ? undefined
        : {
            kind: kept === undefined ? 'broken-off' : (basename(kept).split('-')[0] ?? ''),
            file: kept ?? '',
            detail: detailOf(log),
          },
  };
}

/** `#123 NEW cov: 45 ft: 67 corp: 8/90b …` */
const STATUS = /^#(\d+)\s+(\S+)\s+cov: (\d+) ft: (\d+) corp: (\d+)\//gm;

function statusOf(match: RegExpMatchArray): Status {
  const [executions = 0, edges = 0, features = 0, corpus = 0] = [1, 3, 4, 5].map((group) =>
    Number(match[group]),
  );
  return { executions, edges, features, corpus };
}

function detailOf(log: string): string {
  const lines = log.split('\n');
  const at = lines.findIndex((line) => /Uncaught Exception|ERROR: libFuzzer/.test(line));
  return (at < 0 ? lines.slice(-20) : lines.slice(at, at + 12)).join('\n').slice(0, 4000);
}

function digest(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex');
}

/** Its output goes to a file: into a pipe that is full for a moment, the native code loses some. */
async function jazzer(
  args: readonly string[],
  to: { log: string; onStatus: ((status: Status) => void) | undefined },
): Promise<{ code: number; log: string }> {
  const require = createRequire(import.meta.url);
  const output = openSync(to.log, 'w');
  const child = spawn(process.execPath, [require.resolve('@jazzer.js/core/dist/cli.js'), ...args], {
    cwd: dirname(to.log),
    stdio: ['ignore', output, output],
  });
  // It takes no notice of SIGTERM.
  const end = (): void => void child.kill('SIGKILL');
  process.on('exit', end);
  const timer = setInterval(() => {
    const last = [...readFileSync(to.log, 'utf8').matchAll(STATUS)].at(-1);
    if (last) to.onStatus?.(statusOf(last));
  }, STATUS_MS);
  try {
    const code = await new Promise<number>((done, failed) => {
      child.on('error', failed);
      child.on('exit', (exit) => done(exit ?? 1));
    });
    return { code, log: readFileSync(to.log, 'utf8') };
  } finally {
    clearInterval(timer);
    process.off('exit', end);
    closeSync(output);
  }
}

/** Builds the target and, in a file of its own, what it takes of the core. Returns the target's path. */
async function bundle(name: string, folder: string): Promise<string> {
  const common = {
    absWorkingDir: root,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
  } as const;
  await build({
    ...common,
    entryPoints: [join(targetFolder, 'readers.ts')],
    outfile: join(folder, READERS),
    alias: packageSources,
  });
  // The planted bug is not in the core, so the target itself is instrumented.
  const file = join(folder, `${name === 'planted' ? INSTRUMENTED : ''}${name}.cjs`);
  await build({
    ...common,
    entryPoints: [join(targetFolder, `${basename(name)}.ts`)],
    outfile: file,
    plugins: [coreFromOneFile],
  });
  return file;
}

const coreFromOneFile: Plugin = {
  name: 'core-from-one-file',
  setup(plugin) {
    plugin.onResolve({ filter: /^@tarwarden\/|^\.\.?\// }, ({ path, resolveDir }) => {
      const file = resolve(resolveDir, path);
      const isReader =
        path in packageSources || readerSources.some((folder) => file.startsWith(folder));
      return isReader ? { path: `./${READERS}`, external: true } : undefined;
    });
  },
};

/** Inputs in a target's corpus, those of its seeds included. */
export function corpusOf(folder: string): Buffer[] {
  return ['corpus', 'seeds'].flatMap((part) =>
    readdirSync(join(folder, part)).map((file) => readFileSync(join(folder, part, file))),
  );
}
