import { dirname, resolve } from 'node:path';
import {
  audit,
  auditExitCode,
  auditInstalled,
  auditJson,
  auditNdjson,
  auditSarif,
  auditText,
  installedIn,
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
  type Plan,
} from '@tarwarden/audit';
import { printablePath } from '@tarwarden/core/text';
import { loadPolicy } from '@tarwarden/host';
import manifest from '../../package.json' with { type: 'json' };
import {
  type Call,
  rememberRejection,
  tell,
  UsageError,
  type Values,
  write,
} from '@tarwarden/host/command-line';
import { styleFor } from '../colour.ts';
import type { AUDIT_OPTIONS } from '../commands/audit.ts';
import { startProgress } from '../scan/progress.ts';
import { sourceFolders } from '../source-folders.ts';
import { cacheResults } from './caches.ts';
import { optionsOf, type Run } from './run.ts';

type Options = typeof AUDIT_OPTIONS;

/** `tarwarden audit`: inspects what lockfiles name, or what caches have, and reports each package in their order. */
export async function auditCommand(call: Call<Options>): Promise<number> {
  const { values, operands } = call;
  if (values.cache === true && (operands.length > 0 || values.installed === true))
    throw new UsageError('--cache takes no path, and goes without --installed', 'audit');
  const reporter = reporterFor(values);
  const { policy, warnings } = loadPolicy({ cwd: process.cwd(), env: process.env });
  for (const warning of warnings) tell(`warning: ${warning}`);
  const run: Run = {
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

async function* lockfileResults(paths: readonly string[], run: Run): AsyncGenerator<AuditResult> {
  for (const [folder, files] of byFolder(paths, run)) {
    if (files.length === 0) {
      run.notes.add(`no lockfile found in ${printablePath(folder)}`);
      run.isEmpty = true;
      continue;
    }
    const sources = sourcesFor(resolve(folder), { env: process.env, offline: run.offline });
    for (const note of sources.settings.notes) run.notes.add(`note: ${note}`);
    for (const note of lockfileNotes(files)) run.notes.add(`note: ${note}`);
    const options = { ...sources, ...optionsOf(run) };
    const plan = planOf(files, (path, lockfile) => requestsBeside(path, lockfile, options.root));
    if (run.installed) yield* installedResults(folder, plan, { options, run });
    else yield* audit(plan, options);
  }
}

async function* installedResults(
  folder: string,
  plan: Plan,
  { options, run }: { options: AuditOptions; run: Run },
): AsyncGenerator<AuditResult> {
  const installed = installedIn(folder, { root: options.root, members: plan.members });
  if (!installed.isThere) {
    run.notes.add(`nothing is installed in ${printablePath(folder)}`);
    run.isEmpty = true;
  }
  yield* auditInstalled(plan, installed, options);
}

/** Lockfiles by the folder in which they are: its settings hold for them. */
function byFolder(paths: readonly string[], run: Run): Map<string, ReturnType<typeof lockfilesAt>> {
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
