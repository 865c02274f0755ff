import { closeSync, constants, openSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { REPORT_VARIABLES } from '@tarwarden/host/report-variables';
import type { Where } from './paths.ts';

/** The file to which the guard appends what it inspected, where the user wants one: made here, and none where it cannot be. */
export function reportFiles({ cwd, env }: Where): string[] {
  const named = env[REPORT_VARIABLES.report];
  if (named === undefined || named === '') return [];
  try {
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;
    const path = resolve(cwd, named);
    closeSync(openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600));
    return [realpathSync(path)];
  } catch {
    // The guard says what is wrong with it.
    return [];
  }
}

/** Nothing is inspected while scripts run: they would add a report of nothing. */
export function withoutReport(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names: readonly string[] = Object.values(REPORT_VARIABLES);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}
