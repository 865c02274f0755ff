import { closeSync, constants, openSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { REPORT_VARIABLES } from '@tarwarden/host/report-variables';
import type { RunContext } from './paths.ts';

/** The file for the guard's report, which is made here. The list is empty if the user wants none. */
export function reportFiles({ cwd, env }: RunContext): string[] {
  const named = env[REPORT_VARIABLES.report];
  if (named === undefined || named === '') return [];
  try {
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;
    const path = resolve(cwd, named);
    closeSync(openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600));
    return [realpathSync(path)];
  } catch {
    // The guard itself reports that the file cannot be written.
    return [];
  }
}

/** While scripts run, nothing is inspected. A program there would add an empty report. */
export function withoutReport(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names: readonly string[] = Object.values(REPORT_VARIABLES);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}
