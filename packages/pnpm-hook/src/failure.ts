/* pnpm swallows the failure of an optional dependency: every later hook throws it again, and the command fails. */
import { inWorker } from './engine.ts';
import type { HookError } from './messages.ts';
import { reportBlocked } from './status.ts';

let failure: HookError | undefined;

/** From now on everything fails with the first of these. */
export function fail(error: HookError): HookError {
  if (failure === error) return error;
  reportBlocked(error.message);
  if (failure === undefined && !inWorker) process.once('exit', failCommand);
  failure ??= error;
  return error;
}

export function rethrow(): void {
  if (failure !== undefined) throw failure;
}

/** pnpm 10 and 11 run in this process, and end with 0 where they forgive what was refused. */
function failCommand(): void {
  process.exitCode ||= 1;
}
