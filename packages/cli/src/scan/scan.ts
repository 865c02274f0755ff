import type { InspectOptions, Policy } from '@tarwarden/core';
import {
  claimedPackage,
  formatIdentity,
  unmatchedExceptions,
  type InspectedPackage,
} from '@tarwarden/core/policy';
import {
  exitCodeOf,
  jsonReporter,
  ndjsonReporter,
  NOTHING_SCANNED,
  sarifReporter,
  summarise,
  textReporter,
  type Reporter,
} from '@tarwarden/core/report';
import { plural, printable, printablePath } from '@tarwarden/core/text';
import { loadPolicy } from '@tarwarden/host';
import manifest from '../../package.json' with { type: 'json' };
import {
  type Call,
  rememberRejection,
  UsageError,
  type Values,
  write,
} from '@tarwarden/host/command-line';
import { styleFor } from '../colour.ts';
import type { SCAN_OPTIONS } from '../commands/scan.ts';
import { expectedPackage } from '../expected-package.ts';
import { sourceFolders } from '../source-folders.ts';
import { inputsOf, type Input, type WalkNotes } from './inputs.ts';
import { readPaths } from './path-list.ts';
import { inspectAll } from './pool.ts';
import { startProgress } from './progress.ts';

type Options = typeof SCAN_OPTIONS;

/** `tarwarden scan`: inspects archives, and reports each in the order in which they were named. */
export async function scan({ values, operands, mainUrl }: Call<Options>): Promise<number> {
  const reporter = reporterFor(values);
  const { job, policy } = jobFor(values);
  const { name, version } = job.expected ?? {};
  if (operands.filter((path) => path === '-').length > 1) {
    throw new UsageError('"-" can be named once', 'scan');
  }

  const notes: WalkNotes = { linkedFolders: 0, empty: [] };
  const inspected = packagesWithExceptions(policy, formatIdentity(name, version));
  const threadUrl = new URL('./scan-thread.js', mainUrl).href;
  const progress = startProgress(process.stderr);
  let summary = NOTHING_SCANNED;
  await write(reporter.start());
  for await (const result of inspectAll(inputs(operands, notes), { job, threadUrl })) {
    summary = summarise(summary, result);
    if (summary.rejected > 0) rememberRejection();
    if ('verdict' in result) inspected.add(result.verdict);
    const text = reporter.result(result);
    if (text !== '') progress.clear();
    await write(text);
    progress.update(summary.files);
  }
  progress.clear();
  await write(reporter.end(summary));
  tellNotes(notes, inspected.list, policy);
  const code = exitCodeOf(summary);
  return code === 0 && notes.empty.length > 0 ? 2 : code;
}

async function* inputs(paths: readonly string[], notes: WalkNotes): AsyncGenerator<Input> {
  for (const path of paths) {
    if (path !== '-') yield* inputsOf(path, notes);
    else for (const listed of await readPaths(process.stdin)) yield* inputsOf(listed, notes);
  }
}

function reporterFor(values: Values<Options>): Reporter {
  switch (values.reporter) {
    case 'json':
      return jsonReporter();
    case 'ndjson':
      return ndjsonReporter;
    case 'sarif':
      return sarifReporter({ version: manifest.version, ...sourceFolders() });
    case 'text':
      return textReporter(styleFor(values.color, process.stdout));
  }
}

function jobFor(values: Values<Options>): { job: InspectOptions; policy: Policy } {
  const { format, links } = values;
  const expected = expectedPackage('scan', values);
  const loaded = loadPolicy({ cwd: process.cwd(), env: process.env });
  for (const warning of loaded.warnings) process.stderr.write(`tarwarden: warning: ${warning}\n`);
  const policy = links === undefined ? loaded.policy : { ...loaded.policy, links };
  return {
    policy,
    job: {
      policy,
      ...(format === undefined ? {} : { format }),
      ...(expected === undefined ? {} : { expected }),
    },
  };
}

/** Keeps the verdicts of packages that exceptions name: the others cannot matter, and there may be many. */
function packagesWithExceptions(
  policy: Policy,
  asked: string | undefined,
): { list: InspectedPackage[]; add(verdict: InspectedPackage['verdict']): void } {
  const list: InspectedPackage[] = [];
  const names = new Set(policy.exceptions.map((one) => one.package));
  return {
    list,
    add(verdict) {
      const name = asked ?? claimedPackage(verdict);
      if (name !== undefined && names.has(name)) list.push({ package: name, verdict });
    },
  };
}

function tellNotes(notes: WalkNotes, inspected: readonly InspectedPackage[], policy: Policy): void {
  const tell = (text: string): void => void process.stderr.write(`tarwarden: ${text}\n`);
  for (const folder of notes.empty) tell(`no archive found in ${printablePath(folder)}`);
  if (notes.linkedFolders > 0) {
    tell(`${plural(notes.linkedFolders, 'linked folder')} not entered`);
  }
  for (const one of unmatchedExceptions(policy, inspected)) {
    tell(
      `warning: the exception for ${printable(one.package)} (${one.rule}) matches nothing in that package; remove it`,
    );
  }
}
