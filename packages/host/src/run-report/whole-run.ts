/*
 * The report of a run whose guards are in other processes: each leaves its counts in a file of the wrapper's, which says at
 * the end how it went. Some guards are killed with their client, so they cannot.
 */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readBounded } from '../read-bounded.ts';
import type { Environment } from '../verdict-store/cache-directory.ts';
import { endRun, show, tallyOf } from './end.ts';
import { isSet, REPORT_VARIABLES, RUN_VARIABLES } from './variables.ts';
import { REPORT_ONLY_UNLESS } from './words.ts';

/** Of the counts: some 300,000 packages. */
const COUNTS_BYTES_MAX = 64 * 1024 * 1024;

export interface WholeRun {
  /** For the client. */
  readonly env: Readonly<Record<string, string>>;
  /** Says how it ended. */
  end(): void;
}

/**
 * Begins a run.
 * @param counts A file that is not there yet, in a folder that is this user's alone.
 */
export function beginWholeRun(
  env: Environment,
  { counts, isReportOnly }: { readonly counts: string; readonly isReportOnly: boolean },
): WholeRun {
  writeFileSync(counts, '', { mode: 0o600, flag: 'wx' });
  if (isReportOnly) show(REPORT_ONLY_UNLESS);
  const report = env[REPORT_VARIABLES.report];
  const name = randomUUID();
  return {
    env: {
      [RUN_VARIABLES.counts]: counts,
      [RUN_VARIABLES.name]: name,
      // What the client starts may work in another folder.
      ...(isSet(env, REPORT_VARIABLES.report) && { [REPORT_VARIABLES.report]: resolve(report!) }),
    },
    end: () => endRun({ ...env, [RUN_VARIABLES.name]: name }, tallyOf(read(counts)), isReportOnly),
  };
}

function read(file: string): string {
  try {
    const { bytes } = readBounded(file, { bytesMax: COUNTS_BYTES_MAX, follow: false });
    if (bytes !== undefined) return bytes.toString();
  } catch {
    // Removed by what the client ran.
  }
  show('warning: the counts of this run are lost');
  return '';
}
