import manifest from '../../../package.json' with { type: 'json' };
import { dirname, resolve } from 'node:path';
import {
  audit,
  auditOutcome,
  auditJson,
  auditNdjson,
  auditSarif,
  auditText,
  lockfileNotes,
  lockfilesAbove,
  lockfilesAt,
  NOTHING_AUDITED,
  planOf,
  requestsBeside,
  sourcesFor,
  summariseAudit,
  type AuditOptions,
  type AuditReporter,
  type AuditResult,
  type LockfileFile,
  type AuditPlan,
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
} from '@tarwarden/guard/command-line';
import type { definition } from './definition.ts';
import { startProgress } from '../../archives/progress.ts';
import { policyIn, sourceFolders } from '../../working-folder.ts';
import { inspectingThread } from '../../archives/pool.ts';
import type { Policy } from '@tarwarden/core';
import type { GitDependencies } from '@tarwarden/core/policy';

interface AuditRun {
  readonly policy: Policy;
  readonly gitDependencies: GitDependencies;
  readonly isText: boolean;
  readonly offline: boolean;
  readonly mainUrl: string;
  /** Lines that are shown to the user before the summary. */
  readonly notes: Set<string>;
  /** Lockfiles and folders that were to be audited and are not there. Then the exit code is not 0. */
  readonly missing: string[];
  /** Tasks that are planned, and those that are done. */
  readonly progress: { done: number; total?: number };
  onProgress: () => void;
}

type Options = typeof definition.options;

/** `tarwarden audit`: inspects what lockfiles name, and reports each package in their order. */
export async function auditCommand(call: Call<Options>): Promise<number> {
  const { values, operands } = call;
  const reporter = reporterFor(values);
  const { policy, gitDependencies } = policyIn();
  const run: AuditRun = {
    policy,
    gitDependencies,
    isText: values.reporter === 'text',
    offline: values.offline === true,
    mainUrl: call.mainUrl,
    notes: new Set(),
    missing: [],
    progress: { done: 0 },
    onProgress: () => undefined,
  };
  const paths = operands.length === 0 ? ['.'] : operands;
  return report(lockfileResults(paths, run), reporter, run);
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
    const previous = summary;
    summary = summariseAudit(previous, result);
    if (summary.rejected > 0) rememberRejection();
    const isInOrder =
      summary.rejected + summary.notInspected === previous.rejected + previous.notInspected;
    await print(reporter.result(result), { isInOrder });
    if (run.progress.total === undefined) run.progress.done = summary.packages;
    run.onProgress();
  }
  line.clear();
  for (const note of run.notes) (note.startsWith('note: ') ? remark : tell)(note);
  const outcome = auditOutcome(summary, run.missing);
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
  const plans: { readonly plan: AuditPlan; readonly options: AuditOptions }[] = [];
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
    const { policy } = run;
    const startThread = inspectingThread(run.mainUrl);
    const options = { ...sources, policy, env: process.env, startThread, onTask, onNote };
    const plan = planOf(files, (path, lockfile) => requestsBeside(path, lockfile, options.root));
    run.progress.total = (run.progress.total ?? 0) + plan.tasks.length;
    plans.push({ plan, options: { ...options, gitDependencies: run.gitDependencies } });
  }
  for (const { plan, options } of plans) yield* audit(plan, options);
}

/** The lockfiles by their folder. The settings of a folder hold for its lockfiles. */
function byFolder(
  paths: readonly string[],
  run: AuditRun,
): Map<string, ReturnType<typeof lockfilesAt>> {
  const folders = new Map<string, ReturnType<typeof lockfilesAt>>();
  const add = (folder: string, files: readonly LockfileFile[]): void => {
    const knownFiles = folders.get(folder) ?? [];
    const paths = new Set(knownFiles.map(({ path }) => path));
    folders.set(folder, [...knownFiles, ...files.filter(({ path }) => !paths.has(path))]);
  };
  for (const path of paths) {
    const files = lockfilesAt(path);
    const above = lockfilesAbove(path);
    if (files.length > 0 || above === undefined)
      add(files.some((file) => file.path === path) ? dirname(path) : path, files);
    if (above === undefined) continue;
    const kindText = files.length === 0 ? 'lockfile' : 'lockfile of npm, pnpm, Yarn or bun';
    const [emptyFolder, auditedFolder] = [path, above.folder].map((folder) =>
      printablePath(folder),
    );
    run.notes.add(
      `note: no ${kindText} in ${emptyFolder}, so those of its project in ${auditedFolder} were audited`,
    );
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
