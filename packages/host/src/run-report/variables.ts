/* How a user asks for a report of a run; what it takes to know whether one did. */
import type { Environment } from '../verdict-store/cache-directory.ts';

/** Variables by which a user asks. No file of a repository sets them. */
export const REPORT_VARIABLES = {
  /** A file. */
  report: 'TARWARDEN_REPORT',
  /** Anything but nothing: a line at the end. */
  summary: 'TARWARDEN_SUMMARY',
  /** Set by GitHub's runner. */
  step: 'GITHUB_STEP_SUMMARY',
} as const;

/** Set by the wrapper that says how the run ended, for the guards in it. */
export const RUN_VARIABLES = { counts: 'TARWARDEN_RUN_COUNTS', name: 'TARWARDEN_RUN' } as const;

/** Whether anybody asked for anything. */
export function isReportWanted(env: Environment): boolean {
  return [...Object.values(REPORT_VARIABLES), RUN_VARIABLES.counts].some((name) =>
    isSet(env, name),
  );
}

export function isSet(env: Environment, name: string): boolean {
  return env[name] !== undefined && env[name] !== '';
}
