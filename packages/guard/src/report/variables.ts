/* The environment variables with which a user requests a report of a run. */
import type { Environment } from '../known/cache-directory.ts';

/** Variables that users set. No file of a repository sets them. */
export const REPORT_VARIABLES = {
  /** The path of a file. */
  report: 'TARWARDEN_REPORT',
  /** Any text that is not empty: a line at the end. */
  summary: 'TARWARDEN_SUMMARY',
  /** Set by GitHub's runner. */
  step: 'GITHUB_STEP_SUMMARY',
} as const;

/** Variables that the wrapper sets for the guards that it starts. */
export const RUN_VARIABLES = { counts: 'TARWARDEN_RUN_COUNTS', name: 'TARWARDEN_RUN' } as const;

export const ANNOTATING = { github: 'GITHUB_ACTIONS', azure: 'TF_BUILD' } as const;

/** The service that runs this job, if it shows annotations. Azure writes `True`. */
export function annotatingService(env: Environment): keyof typeof ANNOTATING | undefined {
  const services = Object.keys(ANNOTATING) as (keyof typeof ANNOTATING)[];
  return services.find((name) => env[ANNOTATING[name]]?.toLowerCase() === 'true');
}

export function isReportWanted(env: Environment): boolean {
  if (annotatingService(env) !== undefined) return true;
  return [...Object.values(REPORT_VARIABLES), RUN_VARIABLES.counts].some((name) =>
    isSet(env, name),
  );
}

export function isSet(env: Environment, name: string): boolean {
  return env[name] !== undefined && env[name] !== '';
}
