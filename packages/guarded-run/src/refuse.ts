import { writeSync } from 'node:fs';
import { EXIT } from './exit-codes.ts';
import { report, type StatusChannel } from './status.ts';

/**
 * Ends the process at once, and not by `process.exit`: npm's exit handler would print a stack trace, call it a bug of npm, and could
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
