/* pnpm swallows the failure of an optional dependency: every later hook throws it again, and the command fails. */
import { PNPM_STATUS, report } from '@tarwarden/guarded-run';
import { Refusals } from '@tarwarden/host/refusals';
import { inWorker } from './engine.ts';
import { HookError } from './messages.ts';

/** For pnpm to print the failure. Milliseconds. */
const LINGER_MS = 2000;

export class HookRefusals extends Refusals<HookError> {
  /** @param atExit Has something done when the process ends. */
  constructor(atExit: (act: () => void) => void = (act) => process.once('exit', act)) {
    super(() => {
      if (!inWorker) atExit(failCommand);
    });
  }

  /**
   * From now on everything fails with the first of these. Each is reported to `tarwarden pnpm`, which then does not let pnpm end
   * with success.
   */
  override add(error: HookError): HookError {
    if (!this.all.includes(error))
      report(process.env, PNPM_STATUS, { event: 'blocked', subject: error.message });
    return super.add(error);
  }

  /** What is refused in `check` is refused for good. */
  keep<Result>(check: () => Result): Result {
    try {
      return check();
    } catch (error) {
      throw error instanceof HookError ? this.add(error) : error;
    }
  }
}

/** pnpm 10 and 11 run in this process, and end with 0 where they forgive what was refused. */
function failCommand(): void {
  process.exitCode ||= 1;
}

/**
 * Runs `updateConfig`, and ends the process if that fails. pnpm 10 has started worker threads by then if the project has config
 * dependencies. It does not end them after such a failure, and would go on running for minutes or for good.
 */
export async function endingAfterRefusal<Result>(
  act: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!inWorker) setTimeout(() => process.exit(1), LINGER_MS).unref();
    throw error;
  }
}
