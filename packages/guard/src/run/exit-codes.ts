import { writeSync } from 'node:fs';
import { report, type StatusChannel } from './status.ts';

/** Exit codes of the guard. They are API: docs/managers documents them, and their meaning never changes. */
export const EXIT = {
  /** A package was refused, and the manager itself did not fail. */
  BLOCKED: 1,
  /** The manager was not run, because it or the command cannot be guarded. */
  UNSUPPORTED: 97,
  /** The manager ran without the guard, so its packages were not inspected. */
  UNCHECKED: 98,
  /** The manager is not on the PATH. */
  NOT_FOUND: 127,
} as const;

/** Prints why a manager was not started, or a problem of its run, and returns the exit code. */
export function fail(code: number, text: string): number {
  process.stderr.write(`tarwarden: ${text}\n`);
  return code;
}

/**
 * Ends the process at once, without `process.exit`: npm's exit handler would print a stack trace, call it a bug of npm, and could
 * change the exit code.
 */
export function endNow(code: number, text: string): never {
  try {
    writeSync(2, `tarwarden: ${text}\n`);
  } catch {
    // Standard error may be closed. The exit code still counts.
  }
  const { reallyExit } = process as unknown as { reallyExit?: (code: number) => never };
  if (typeof reallyExit === 'function') reallyExit.call(process, code);
  process.exit(code);
}

/** Ends a client that cannot be guarded, from the guard inside it. */
export function refuseToRun(manager: string, channel: StatusChannel, reason: string): never {
  report(process.env, channel, { event: 'unsupported', reason });
  endNow(EXIT.UNSUPPORTED, `${reason}\ntarwarden: refusing to run ${manager} unguarded.`);
}
