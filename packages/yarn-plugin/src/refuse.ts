import { report, YARN_STATUS } from '@tarwarden/guarded-run';
import type { Refused } from '@tarwarden/host';
import { Refusals } from '@tarwarden/host/refusals';
import { MessageName, ReportError } from '@yarnpkg/core';

/** Refuses in Yarn's way. */
export class Refuser {
  /** `logFilters` can discard the error and with it the exit code; `yarn patch` drops it as well. */
  readonly #refusals = new Refusals<ReportError>(() => {
    process.once('exit', () => {
      if (process.exitCode === undefined || Number(process.exitCode) === 0) process.exitCode = 1;
    });
  });

  /** An error that Yarn prints as its own (`YN0030`), line by line, and that ends the command with exit code 1. */
  refusal(text: string): ReportError {
    report(process.env, YARN_STATUS, { event: 'blocked', subject: text });
    const [first = '', ...rest] = text.split('\n');
    const error = new ReportError(MessageName.FETCH_FAILED, first, (report) => {
      for (const line of rest) report.reportError(MessageName.FETCH_FAILED, line);
    });
    return this.#refusals.add(error);
  }

  /** Whether an error is one of its refusals. */
  has(error: unknown): boolean {
    return this.#refusals.all.some((one) => one === error);
  }

  /** The refusal of a package. */
  refuse({ block }: Refused): ReportError {
    return this.refusal(block);
  }
}
