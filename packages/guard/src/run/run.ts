/* Runs a real package manager, passes signals on, and turns the reports of its guard into the exit code. */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { asksForReportOnly } from '@tarwarden/guard/user-policy';
import {
  isReportWanted,
  isSet,
  REPORT_VARIABLES,
  RUN_VARIABLES,
} from '@tarwarden/guard/report-variables';
import { EXIT, fail } from './exit-codes.ts';
import { runProgram } from './run-program.ts';
import type { Command } from './real-program.ts';
import { openStatus, outcome, type StatusFile } from './run-status.ts';
import type { StatusChannel } from './status.ts';
import { beginWholeRun, type WholeRun } from '@tarwarden/guard/whole-run';

/**
 * Gives a command that starts a program with fewer rights.
 * @param folders Folders that the program has to write to for the guard.
 */
export type Confine = (program: Command, folders?: readonly string[]) => Command;

/**
 * Variables that keep Node, npm, pnpm and corepack from compiled code of earlier runs. A confined client gets them, because scripts of
 * packages can write to its temporary folder.
 */
export const NO_COMPILED_CODE = {
  DISABLE_V8_COMPILE_CACHE: '1',
  NODE_DISABLE_COMPILE_CACHE: '1',
} as const;

export interface GuardedRun {
  readonly manager: string;
  readonly command: Command;
  readonly args: readonly string[];
  /** Variables that load the guard, without those of the status channel. */
  readonly env: NodeJS.ProcessEnv;
  readonly channel: StatusChannel;
  /** False if the command installs nothing; see docs/managers. */
  readonly demandGuard: boolean;
  /** Hides the manager's standard output. */
  readonly isQuiet?: boolean;
  readonly confine?: Confine | undefined;
  /** The guard is in this process, and reports by itself how the run ended. */
  readonly guardIsHere?: boolean;
}

/**
 * Runs a real package manager on our own standard streams. Resolves to the exit code: the manager's own, unless its
 * guard says worse (see {@link EXIT}). A signal that ends it gives 128 plus its number.
 */
export async function runGuarded(run: GuardedRun): Promise<number> {
  const { manager, channel, demandGuard, command } = run;
  let status: StatusFile;
  try {
    status = openStatus();
  } catch (error) {
    return fail(EXIT.UNSUPPORTED, `${manager} was not started: ${(error as Error).message}`);
  }
  const nonce = randomUUID();
  const report = run.guardIsHere === true ? undefined : wholeRun(run.env, status);
  const channels = { [channel.file]: status.file, [channel.nonce]: nonce };
  const env = { ...run.env, ...report?.env, ...channels };
  try {
    const program = run.confine?.(command, [status.folder]) ?? command;
    const code = await runProgram(program, run.args, env, run.isQuiet);
    const result = outcome(code, status.read(), { manager, nonce, guard: demandGuard });
    report?.end();
    return result.message === undefined ? result.code : fail(result.code, result.message);
  } catch (error) {
    const why = `${command.file} could not be started: ${(error as Error).message}`;
    return fail(EXIT.NOT_FOUND, why);
  } finally {
    status.dispose();
  }
}

/** The report of this run, if one is requested or if the mode is `report`. Undefined if a wrapper above this one writes it. */
function wholeRun(env: NodeJS.ProcessEnv, { folder }: StatusFile): WholeRun | undefined {
  if (env[RUN_VARIABLES.counts] !== undefined) return undefined;
  const isReportOnly = asksForReportOnly(env);
  if (!isReportOnly && !isReportWanted(env)) return undefined;
  try {
    return beginWholeRun(env, { counts: join(folder, 'counts'), isReportOnly });
  } catch (error) {
    fail(0, `warning: there is no report of this run: ${(error as Error).message}`);
    return undefined;
  }
}

/** Whether the end of every run is reported, also of one in which nothing can be installed. */
export function reportsEveryRun(env: NodeJS.ProcessEnv): boolean {
  const { report, summary } = REPORT_VARIABLES;
  return isSet(env, report) || isSet(env, summary) || asksForReportOnly(env);
}
