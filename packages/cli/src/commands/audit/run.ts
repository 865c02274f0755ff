import manifest from '../../../package.json' with { type: 'json' };
import { dirname, resolve } from 'node:path';
import {
  audit,
  auditOutcome,
  auditInstalled,
  auditJson,
  auditNdjson,
  auditSarif,
  auditStores,
  auditText,
  installedTree,
  lockfileNotes,
  lockfilesAbove,
  lockfilesAt,
  NOTHING_AUDITED,
  planOf,
  requestsBeside,
  sourcesFor,
  storesFor,
  summariseAudit,
  type AuditOptions,
  type AuditReporter,
  type AuditResult,
  type LockfileFile,
  type AuditPlan,
  auditCaches,
  cachePlaces,
} from '@tarwarden/audit';
import { printablePath } from '@tarwarden/core/text';
import { styleFor } from '../../colour.ts';
import {
  type Call,
  type Values,
  rememberRejection,
  remark,
  showHeld,
  tell,
  write,
  writeResult,
  UsageError,
} from '@tarwarden/host/command-line';
import type { AUDIT_OPTIONS } from './definition.ts';
import { startProgress } from '../../archives/progress.ts';
import { policyIn, sourceFolders } from '../../working-folder.ts';
import { auditOptions, inspectingThread } from '../../archives/inspection-threads.ts';
import type { Ecosystem, Format, Policy } from '@tarwarden/core';
import type { GitDependencies } from '@tarwarden/core/policy';
import type { ScanResult } from '@tarwarden/core/report';
import { inputsOf, type Input } from '../../archives/inputs.ts';
import { inspectAll } from '../../archives/pool.ts';

/** One run of `tarwarden audit`. */
interface AuditRun {
  readonly policy: Policy;
  readonly gitDependencies: GitDependencies;
  readonly isText: boolean;
  readonly offline: boolean;
  readonly installed: boolean;
  readonly store: boolean;
  readonly mainUrl: string;
  /** Lines that are shown to the user before the summary. */
  readonly notes: Set<string>;
  /** Lockfiles and folders that were to be audited and are not there. Then the exit code is not 0. */
  readonly missing: string[];
  /** Tasks that are planned, and those that are done. The total is absent for caches. */
  readonly progress: { done: number; total?: number };
  onProgress: () => void;
}

const CLEAN_STORES = 'nothing in the caches differs from what the lockfiles pin';

async function* cacheResults(run: AuditRun): AsyncGenerator<AuditResult> {
  const { policy, mainUrl, offline } = run;
  const sources = sourcesFor(undefined, { env: process.env, offline });
  const places = cachePlaces(sources.settings, process.env);
  const all = Object.values(places).flat();
  if (all.length === 0) {
    run.missing.push('no cache of npm, Yarn, pnpm, bun, go or RubyGems was found');
  }
  for await (const result of inspectAll(inputs(places.archives), {
    inspection: { policy },
    startThread: inspectingThread(mainUrl),
  }))
    yield ofScan(result);
  yield* auditCaches(places, { ...sources, ...auditOptions(run) });
}

async function* inputs(folders: readonly string[]): AsyncGenerator<Input> {
  // A file of a cache that is not named like an archive is not one.
  for (const folder of folders) yield* inputsOf(folder, { linkedFolders: 0, empty: [] });
}

type Origin = Pick<Extract<AuditResult, { status: 'inspected' }>, 'from'> & {
  readonly ecosystem: Ecosystem;
};

const ORIGINS: Readonly<Record<Format, Origin>> = {
  npm: { from: 'npm-cache', ecosystem: 'npm' },
  'yarn-zip': { from: 'yarn-zip', ecosystem: 'npm' },
  gem: { from: 'gem-cache', ecosystem: 'rubygems' },
  gomod: { from: 'go-cache', ecosystem: 'go' },
  // No cache has archives of these formats.
  sdist: { from: 'file', ecosystem: 'pypi' },
  wheel: { from: 'file', ecosystem: 'pypi' },
};

/** The archive itself names its package, because no name in a cache can be relied on. */
function ofScan(result: ScanResult): AuditResult {
  const about = { places: [{ file: result.path }], checks: [] };
  if ('error' in result) {
    const { code, message } = result.error;
    const error = { code: code === 'CRASHED' ? code : 'NO_BYTES', message } as const;
    return { ...about, status: 'not-inspected', error };
  }
  const { verdict } = result;
  const { name = '', version = '' } = verdict.manifest ?? {};
  const { from, ecosystem } = ORIGINS[verdict.format];
  const named = { ecosystem, name, version };
  return { ...about, package: named, status: 'inspected', verdict, from };
}

type Options = typeof AUDIT_OPTIONS;

/** `tarwarden audit`: inspects what lockfiles name, or what caches have, and reports each package in their order. */
export async function auditCommand(call: Call<Options>): Promise<number> {
  const { values, operands } = call;
  if (values.cache === true && (operands.length > 0 || values.installed === true))
    throw new UsageError('--cache takes no path, and cannot be combined with --installed', 'audit');
  if (values.store === true && (values.cache === true || values.installed === true))
    throw new UsageError('--store cannot be combined with --cache or --installed', 'audit');
  const reporter = reporterFor(values);
  const { policy, gitDependencies } = policyIn();
  const run: AuditRun = {
    policy,
    gitDependencies,
    isText: values.reporter === 'text',
    // An archive from a registry would hide a changed archive in a cache.
    offline: values.offline === true || values.store === true,
    store: values.store === true,
    installed: values.installed === true,
    mainUrl: call.mainUrl,
    notes: new Set(),
    missing: [],
    progress: { done: 0 },
    onProgress: () => undefined,
  };
  const paths = operands.length === 0 ? ['.'] : operands;
  const results = values.cache === true ? cacheResults(run) : lockfileResults(paths, run);
  return report(results, reporter, run);
}

/** Prints the results, and returns the exit code. */
async function report(
  results: AsyncIterable<AuditResult>,
  reporter: AuditReporter,
  run: AuditRun,
): Promise<number> {
  let summary = NOTHING_AUDITED;
  let isWriting = false;
  const line = startProgress(process.stderr, 'packages');
  run.onProgress = () => {
    if (!isWriting) line.update(run.progress.done, run.progress.total);
  };
  const print = async (text: string, { isInOrder = false } = {}): Promise<void> => {
    if (text === '') return;
    line.clear();
    isWriting = true;
    await writeResult(text, { isInOrder });
    isWriting = false;
  };
  await print(reporter.start());
  for await (const result of results) {
    const before = summary;
    summary = summariseAudit(before, result);
    if (summary.rejected > 0) rememberRejection();
    const isInOrder =
      summary.rejected + summary.notInspected === before.rejected + before.notInspected;
    await print(reporter.result(result), { isInOrder });
    if (run.progress.total === undefined) run.progress.done = summary.packages;
    run.onProgress();
  }
  line.clear();
  for (const note of run.notes) (note.startsWith('note: ') ? remark : tell)(note);
  const outcome = auditOutcome(summary, run.missing, run.store ? CLEAN_STORES : undefined);
  // The text report says it by itself.
  if (!run.isText) for (const problem of run.missing) tell(problem);
  if (summary.gitAccepted > 0) await showHeld();
  await write(reporter.end(summary, outcome));
  return outcome.code;
}

async function* lockfileResults(
  paths: readonly string[],
  run: AuditRun,
): AsyncGenerator<AuditResult> {
  const plans: PlannedFolder[] = [];
  for (const [folder, files] of byFolder(paths, run)) {
    if (files.length === 0) {
      run.missing.push(`no lockfile was found in ${printablePath(folder)}`);
      continue;
    }
    const sources = sourcesFor(resolve(folder), { env: process.env, offline: run.offline });
    for (const note of sources.settings.notes) run.notes.add(`note: ${note}`);
    for (const note of lockfileNotes(files)) run.notes.add(`note: ${note}`);
    const onTask = (): void => {
      run.progress.done += 1;
      run.onProgress();
    };
    const onNote = (note: string): void => void run.notes.add(`note: ${note}`);
    const options = { ...sources, ...auditOptions(run), onTask, onNote };
    const plan = planOf(files, (path, lockfile) => requestsBeside(path, lockfile, options.root));
    run.progress.total = (run.progress.total ?? 0) + plan.tasks.length;
    plans.push({ folder, plan, options: { ...options, gitDependencies: run.gitDependencies } });
  }
  for (const { folder, plan, options } of plans) {
    if (run.store) yield* auditStores(plan, storesFor(resolve(folder), plan, options), options);
    else if (run.installed) yield* installedResults(folder, plan, { options, run });
    else yield* audit(plan, options);
  }
}

interface PlannedFolder {
  readonly folder: string;
  readonly plan: AuditPlan;
  readonly options: AuditOptions;
}

async function* installedResults(
  folder: string,
  plan: AuditPlan,
  { options, run }: { options: AuditOptions; run: AuditRun },
): AsyncGenerator<AuditResult> {
  const installed = installedTree(folder, { root: options.root, members: plan.members });
  if (!installed.isThere) run.missing.push(`nothing is installed in ${printablePath(folder)}`);
  yield* auditInstalled(plan, installed, options);
}

/** The lockfiles by their folder. The settings of a folder hold for its lockfiles. */
function byFolder(
  paths: readonly string[],
  run: AuditRun,
): Map<string, ReturnType<typeof lockfilesAt>> {
  const folders = new Map<string, ReturnType<typeof lockfilesAt>>();
  const add = (folder: string, files: readonly LockfileFile[]): void => {
    const known = folders.get(folder) ?? [];
    const paths = new Set(known.map(({ path }) => path));
    folders.set(folder, [...known, ...files.filter(({ path }) => !paths.has(path))]);
  };
  for (const path of paths) {
    const files = lockfilesAt(path);
    const above = lockfilesAbove(path);
    if (files.length > 0 || above === undefined)
      add(files.some((file) => file.path === path) ? dirname(path) : path, files);
    if (above === undefined) continue;
    const what = files.length === 0 ? 'lockfile' : 'lockfile of npm, pnpm, Yarn or bun';
    const [none, others] = [path, above.folder].map((folder) => printablePath(folder));
    run.notes.add(`note: no ${what} in ${none}, so those of its project in ${others} were audited`);
    add(above.folder, above.files);
  }
  return folders;
}

function reporterFor(values: Values<Options>): AuditReporter {
  switch (values.reporter) {
    case 'json':
      return auditJson();
    case 'ndjson':
      return auditNdjson;
    case 'sarif':
      return auditSarif({ version: manifest.version, ...sourceFolders() });
    case 'text':
      return auditText({
        style: styleFor(values.color, process.stdout),
        all: values.all === true,
      });
  }
}
