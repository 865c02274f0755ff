import { dirname, resolve } from 'node:path';
import {
  audit,
  auditExitCode,
  auditInstalled,
  auditJson,
  auditNdjson,
  auditSarif,
  auditText,
  installedTree,
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
  type AuditSummary,
  type LockfileFile,
  type AuditPlan,
} from '@tarwarden/audit';
import { printablePath } from '@tarwarden/core/text';
import manifest from '../../../package.json' with { type: 'json' };
import { styleFor } from '../../colour.ts';
import {
  type Call,
  type Values,
  rememberRejection,
  tell,
  write,
  UsageError,
} from '@tarwarden/host/command-line';
import type { AUDIT_OPTIONS } from './definition.ts';
import { startProgress } from '../../archives/progress.ts';
import { policyIn, sourceFolders } from '../../working-folder.ts';
import { cacheResults, type AuditRun } from './caches.ts';
import { auditOptions } from '../../archives/inspection-threads.ts';

type Options = typeof AUDIT_OPTIONS;

/** `tarwarden audit`: inspects what lockfiles name, or what caches have, and reports each package in their order. */
export async function auditCommand(call: Call<Options>): Promise<number> {
  const { values, operands } = call;
  if (values.cache === true && (operands.length > 0 || values.installed === true))
    throw new UsageError('--cache takes no path, and goes without --installed', 'audit');
  const reporter = reporterFor(values);
  const { policy } = policyIn();
  const run: AuditRun = {
    policy,
    offline: values.offline === true,
    installed: values.installed === true,
    mainUrl: call.mainUrl,
    notes: new Set(),
    isEmpty: false,
  };
  const paths = operands.length === 0 ? ['.'] : operands;
  const results = values.cache === true ? cacheResults(run) : lockfileResults(paths, run);
  const summary = await report(results, reporter);
  for (const note of run.notes) tell(note);
  const code = auditExitCode(summary);
  return code === 0 && run.isEmpty ? 2 : code;
}

async function report(
  results: AsyncIterable<AuditResult>,
  reporter: AuditReporter,
): Promise<AuditSummary> {
  let summary = NOTHING_AUDITED;
  const progress = startProgress(process.stderr);
  await write(reporter.start());
  for await (const result of results) {
    summary = summariseAudit(summary, result);
    if (summary.rejected > 0) rememberRejection();
    const text = reporter.result(result);
    if (text !== '') progress.clear();
    await write(text);
    progress.update(summary.packages);
  }
  progress.clear();
  await write(reporter.end(summary));
  return summary;
}

async function* lockfileResults(
  paths: readonly string[],
  run: AuditRun,
): AsyncGenerator<AuditResult> {
  for (const [folder, files] of byFolder(paths, run)) {
    if (files.length === 0) {
      run.notes.add(`no lockfile found in ${printablePath(folder)}`);
      run.isEmpty = true;
      continue;
    }
    const sources = sourcesFor(resolve(folder), { env: process.env, offline: run.offline });
    for (const note of sources.settings.notes) run.notes.add(`note: ${note}`);
    for (const note of lockfileNotes(files)) run.notes.add(`note: ${note}`);
    const options = { ...sources, ...auditOptions(run) };
    const plan = planOf(files, (path, lockfile) => requestsBeside(path, lockfile, options.root));
    if (run.installed) yield* installedResults(folder, plan, { options, run });
    else yield* audit(plan, options);
  }
}

async function* installedResults(
  folder: string,
  plan: AuditPlan,
  { options, run }: { options: AuditOptions; run: AuditRun },
): AsyncGenerator<AuditResult> {
  const installed = installedTree(folder, { root: options.root, members: plan.members });
  if (!installed.isThere) {
    run.notes.add(`nothing is installed in ${printablePath(folder)}`);
    run.isEmpty = true;
  }
  yield* auditInstalled(plan, installed, options);
}

/** The lockfiles by their folder. The settings of a folder hold for its lockfiles. */
function byFolder(
  paths: readonly string[],
  run: AuditRun,
): Map<string, ReturnType<typeof lockfilesAt>> {
  const folders = new Map<string, ReturnType<typeof lockfilesAt>>();
  const add = (folder: string, files: readonly LockfileFile[]): void =>
    void folders.set(folder, [...(folders.get(folder) ?? []), ...files]);
  for (const path of paths) {
    const files = lockfilesAt(path);
    const above = files.length === 0 ? lockfilesAbove(path) : undefined;
    if (above === undefined) {
      add(files.some((file) => file.path === path) ? dirname(path) : path, files);
      continue;
    }
    const [none, others] = [path, above.folder].map((folder) => printablePath(folder));
    run.notes.add(
      `note: no lockfile in ${none}, so those of its project in ${others} were audited`,
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
      return auditText(styleFor(values.color, process.stdout));
  }
}
