import { dirname, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  audit,
  auditExitCode,
  auditJson,
  auditNdjson,
  auditText,
  lockfilesAt,
  NOTHING_AUDITED,
  planOf,
  sourcesFor,
  summariseAudit,
  type AuditReporter,
  type AuditSummary,
} from '@tarwarden/audit';
import { printable } from '@tarwarden/core/text';
import { loadPolicy } from '@tarwarden/host';
import { styleFor } from '../colour.ts';
import type { Call, Values } from '../command-line/definition.ts';
import type { AUDIT_OPTIONS } from '../commands/audit.ts';
import { rememberRejection, write } from '../output.ts';
import { startProgress } from '../scan/progress.ts';

type Options = typeof AUDIT_OPTIONS;

/** `tarwarden audit`: inspects what lockfiles name, and reports each package in their order. */
export async function auditCommand({ values, operands, mainUrl }: Call<Options>): Promise<number> {
  const paths = operands.length === 0 ? ['.'] : operands;
  const reporter = reporterFor(values);
  const { policy, warnings } = loadPolicy({ cwd: process.cwd(), env: process.env });
  for (const warning of warnings) tell(`warning: ${warning}`);
  let summary = NOTHING_AUDITED;
  let isEmpty = false;
  await write(reporter.start());
  const progress = startProgress(process.stderr);
  const notes = new Set<string>();
  for (const [folder, files] of byFolder(paths)) {
    if (files.length === 0) {
      tell(`no lockfile found in ${printable(folder, 4096)}`);
      isEmpty = true;
      continue;
    }
    const sources = sourcesFor(resolve(folder), {
      env: process.env,
      offline: values.offline === true,
    });
    sources.settings.notes.forEach((note) => notes.add(note));
    const startThread = (): Worker => new Worker(new URL('./audit-thread.js', mainUrl));
    const options = { ...sources, policy, env: process.env, startThread };
    for await (const result of audit(planOf(files), options)) {
      summary = summariseAudit(summary, result);
      if (summary.rejected > 0) rememberRejection();
      const text = reporter.result(result);
      if (text !== '') progress.clear();
      await write(text);
      progress.update(summary.packages);
    }
  }
  progress.clear();
  await write(reporter.end(summary));
  for (const note of notes) tell(`note: ${note}`);
  return exitCode(summary, isEmpty);
}

/** Lockfiles by the folder in which they are: its settings hold for them. */
function byFolder(paths: readonly string[]): Map<string, ReturnType<typeof lockfilesAt>> {
  const folders = new Map<string, ReturnType<typeof lockfilesAt>>();
  for (const path of paths) {
    const files = lockfilesAt(path);
    const folder = files.some((file) => file.path === path) ? dirname(path) : path;
    folders.set(folder, [...(folders.get(folder) ?? []), ...files]);
  }
  return folders;
}

function reporterFor(values: Values<Options>): AuditReporter {
  switch (values.reporter) {
    case 'json':
      return auditJson();
    case 'ndjson':
      return auditNdjson;
    case 'text':
      return auditText(styleFor(values.color, process.stdout));
  }
}

function exitCode(summary: AuditSummary, isEmpty: boolean): number {
  const code = auditExitCode(summary);
  return code === 0 && isEmpty ? 2 : code;
}

function tell(text: string): void {
  process.stderr.write(`tarwarden: ${text}\n`);
}
