/* pnpm swallows the failure of an optional dependency: every later hook throws it again. */
import type { HookError } from './messages.ts';

let failure: HookError | undefined;

/** From now on everything fails with the first of these. */
export function fail(error: HookError): HookError {
  failure ??= error;
  return error;
}

export function rethrow(): void {
  if (failure !== undefined) throw failure;
}
