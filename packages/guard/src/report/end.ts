/* Reports the end of a run. Wrappers load this file at every start. */
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { resolve } from 'node:path';
import { escapedJson, printablePath } from '@tarwarden/core/text';
import type { Environment } from '../known/cache-directory.ts';
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

/** Programs that the client has run may have written anything. All texts are escaped where they are printed. */
function parseCounted(line: string): Counted | undefined {
  try {
    const counted = JSON.parse(line) as Partial<Counted> | null;
    const { package: name, status, why, exceptions = [] } = counted ?? {};
    const isText = [name, why, exceptions].flat().every((text) => typeof text === 'string');
    const isKnown = ['accept', 'reject', 'error'].includes(String(status));
    return isText && isKnown && Array.isArray(exceptions) ? (counted as Counted) : undefined;
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

export function show(line: string): void {
  process.stderr.write(`tarwarden: ${line}\n`);
}

export class AppendError extends Error {
  override readonly name = 'AppendError';
}

/**
 * Appends text by one write to a file, which is created if it is missing. Several processes may do so at once without mixing their
 * lines. It does not follow links, and writes only to regular files of this user.
 */
export function appendText(path: string, text: string): void {
  const descriptor = open(path);
  try {
    const problem = problemOf(fstatSync(descriptor));
    if (problem !== undefined) throw new AppendError(problem);
    const bytes = Buffer.from(text);
    const bytesWritten = writeSync(descriptor, bytes);
    // The disk is full. The rest may mix with the lines of others, but it is still useful.
    if (bytesWritten < bytes.length) writeSync(descriptor, bytes, bytesWritten);
  } finally {
    closeSync(descriptor);
  }
}

function open(path: string): number {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  // Windows lacks this flag.
  if (O_NOFOLLOW === undefined && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new AppendError('it is a link');
  try {
    // Without O_NONBLOCK, opening a fifo would wait.
    const flags = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOFOLLOW;
    return openSync(path, flags, 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ELOOP' ? 'it is a link' : (code ?? 'unknown');
    throw new AppendError(why, { cause: error });
  }
}

function problemOf(stat: Stats): string | undefined {
  if (!stat.isFile()) return 'it is not a regular file';
  if (stat.nlink > 1) return 'it has another name as well';
  return undefined;
}
