/*
 * The report of a run with guards in other processes. Each guard appends its counts to a file, and at the end the wrapper reports their
 * sum. Guards cannot report it themselves, because some are killed with their client.
 */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readBounded } from '../files/read-bounded.ts';
import type { Environment } from '../known/cache-directory.ts';
import { keepForAnnotations } from './annotations.ts';
import { endRun, show, tallyOf } from './end.ts';
import { isSet, REPORT_VARIABLES, RUN_VARIABLES } from './variables.ts';
import { REPORT_ONLY_UNLESS } from './words.ts';

/** The most bytes of counts: some 300,000 packages. */
const COUNTS_BYTES_MAX = 64 * 1024 * 1024;

export interface WholeRun {
  /** Variables for the client. */
  readonly env: Readonly<Record<string, string>>;
  end(): void;
}

/**
 * Begins a run.
 * @param counts A new file in a folder that belongs to this user alone.
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
      // The client may start programs in another folder.
      ...(isSet(env, REPORT_VARIABLES.report) && { [REPORT_VARIABLES.report]: resolve(report!) }),
    },
    end() {
      const tally = tallyOf(readCounts(counts));
      keepForAnnotations(tally);
      endRun({ ...env, [RUN_VARIABLES.name]: name }, tally, isReportOnly);
    },
  };
}

function readCounts(file: string): string {
  try {
    const { bytes } = readBounded(file, { bytesMax: COUNTS_BYTES_MAX, follow: false });
    if (bytes !== undefined) return bytes.toString();
  } catch {
    // A program that the client ran has removed the file.
  }
  show('warning: the counts of this run are lost');
  return '';
}
