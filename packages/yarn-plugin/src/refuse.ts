import { YARN_STATUS } from '@tarwarden/guarded-run';
import type { Refused } from '@tarwarden/host';
import { failInsteadOfSuccess, Refusals } from '@tarwarden/guarded-run/kit';
import { MessageName, ReportError } from '@yarnpkg/core';

export class Refuser {
  readonly #refusals = new Refusals<ReportError>({
    status: { env: process.env, channel: YARN_STATUS },
    // `logFilters` can discard the error and with it the exit code. `yarn patch` drops the error as well.
    onFirst: () => process.once('exit', failInsteadOfSuccess),
  });

  /** An error that Yarn prints as its own (`YN0030`), line by line, and that ends the command with exit code 1. */
  refusal(text: string): ReportError {
    const [first = '', ...rest] = text.split('\n');
    const error = new ReportError(MessageName.FETCH_FAILED, first, (report) => {
      for (const line of rest) report.reportError(MessageName.FETCH_FAILED, line);
    });
    return this.#refusals.add(error);
  }

  /** Whether an error is one of its refusals. */
  has(error: unknown): boolean {
    return this.#refusals.all.some((refusal) => refusal === error);
  }

  refuse({ block }: Refused): ReportError {
    return this.refusal(block);
  }
}
