/* Reports the end of a run. Wrappers load this file at every start. */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { escapedJson, printable, printablePath } from '@tarwarden/core/text';
import type { Environment } from '../verdict-store/cache-directory.ts';
import { AppendError, appendText } from './append.ts';
import { Tally, type Counted } from './tally.ts';
import { isSet, REPORT_VARIABLES, RUN_VARIABLES } from './variables.ts';
import { countLine, reportOnlyEnd, stepSummary } from './words.ts';

/** The version of the format of the lines. Raised when a key changes its meaning or is removed. */
const SCHEMA = 1;

/**
 * Reports the end of a run in the ways that the user requested.
 * @param isReportOnly The mode of the user's own policy. Inspected archives override it: a repository can ask for refusals.
 */
export function endRun(env: Environment, tally: Tally, isReportOnly: boolean): void {
  const { counts } = tally;
  const loud = counts.inspected === 0 ? isReportOnly : tally.isReportOnly;
  writeReport(env, { type: 'summary', mode: loud ? 'report' : 'refuse', ...counts });
  const step = env[REPORT_VARIABLES.step];
  if (isSet(env, REPORT_VARIABLES.step) && counts.inspected > 0)
    appendOrWarn(step!, stepSummary(tally));
  if (isSet(env, REPORT_VARIABLES.summary)) show(countLine(tally));
  if (loud) show(reportOnlyEnd(tally));
}

/** Sums the counts that the guards of a run have written. Malformed lines are skipped. */
export function tallyOf(text: string): Tally {
  const tally = new Tally();
  for (const line of text.split('\n')) {
    const counted = parseCounted(line);
    if (counted !== undefined) tally.add(counted);
  }
  return tally;
}

function parseCounted(line: string): Counted | undefined {
  try {
    const value = JSON.parse(line) as Partial<Counted> | null;
    const { package: name, status, why } = value ?? {};
    const exceptions = value?.exceptions;
    const known = status === 'accept' || status === 'reject' || status === 'error';
    if (typeof name !== 'string' || !known || typeof why !== 'string') return undefined;
    return {
      package: name,
      status,
      why,
      refused: value?.refused === true,
      remembered: value?.remembered === true,
      mode: value?.mode === 'report' ? 'report' : 'refuse',
      ...(value?.upload === true && { upload: true as const }),
      ...(Array.isArray(exceptions) && {
        exceptions: exceptions.map((line) => printable(String(line), 4096)),
      }),
    };
  } catch {
    return undefined;
  }
}

let ownName: string | undefined;

export function writeReport(env: Environment, line: object): void {
  const path = env[REPORT_VARIABLES.report];
  if (!isSet(env, REPORT_VARIABLES.report)) return;
  const run = env[RUN_VARIABLES.name] ?? (ownName ??= randomUUID());
  const time = new Date().toISOString();
  appendOrWarn(resolve(path!), escapedLine({ schema: SCHEMA, run, time, ...line }));
}

const failed = new Set<string>();

/** Appends text to a file. If that fails, one warning is printed, and the install goes on unchanged. */
export function appendOrWarn(path: string, text: string): void {
  try {
    appendText(path, text);
  } catch (error) {
    if (failed.has(path)) return;
    failed.add(path);
    const why = error instanceof AppendError ? error.message : String(error);
    show(`warning: nothing is written to ${printablePath(path)}: ${why}`);
  }
}

export function escapedLine(value: object): string {
  return `${escapedJson(value)}\n`;
}

/** Prints a line for people. */
export function show(line: string): void {
  process.stderr.write(`tarwarden: ${line}\n`);
}
