/* pnpm ignores an error about an optional dependency. So every later hook throws the refusal again, and the command fails. */
import { PNPM_STATUS, report } from '@tarwarden/guard/run';
import { failInsteadOfSuccess, Refusals } from '@tarwarden/guard/kit';
import { inWorker } from './engine.ts';
import { HookError } from './messages.ts';

/** The time that pnpm has to print the failure. Milliseconds. */
const LINGER_MS = 2000;

export class HookRefusals extends Refusals<HookError> {
  /** @param atExit Registers a function to run when the process ends. */
  constructor(atExit: (act: () => void) => void = (act) => process.once('exit', act)) {
    super({
      status: { env: process.env, channel: PNPM_STATUS },
      // pnpm 10 and 11 run in this process, and end with 0 if they ignore a refusal.
      onFirst: () => {
        if (!inWorker) atExit(failInsteadOfSuccess);
      },
    });
  }

  override add(refusal: HookError): HookError {
    if (refusal.reason === 'UNSUPPORTED_PNPM')
      report(process.env, PNPM_STATUS, { event: 'unsupported', reason: refusal.message });
    return super.add(refusal);
  }

  /** Runs a check, and keeps the refusal that it throws, at once or later. */
  keep<Result>(check: () => Result): Result {
    try {
      const result = check();
      return result instanceof Promise ? (result.catch(this.#rethrowKept) as Result) : result;
    } catch (error) {
      return this.#rethrowKept(error);
    }
  }

  readonly #rethrowKept = (error: unknown): never => {
    throw error instanceof HookError ? this.add(error) : error;
  };
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
