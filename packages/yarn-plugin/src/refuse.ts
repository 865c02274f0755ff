import { report, YARN_STATUS } from '@tarwarden/guarded-run';
import { MessageName, ReportError } from '@yarnpkg/core';

let failing = false;

/** `logFilters` can discard the error and with it the exit code; `yarn patch` drops it as well. */
function failAtExit(): void {
  if (failing) return;
  failing = true;
  process.once('exit', () => {
    if (process.exitCode === undefined || Number(process.exitCode) === 0) process.exitCode = 1;
  });
}

/** An error that Yarn prints as its own (`YN0030`), line by line, and that ends the command with exit code 1. */
export function refusal(text: string): ReportError {
  failAtExit();
  report(process.env, YARN_STATUS, { event: 'blocked', subject: text });
  const [first = '', ...rest] = text.split('\n');
  return new ReportError(MessageName.FETCH_FAILED, first, (report) => {
    for (const line of rest) report.reportError(MessageName.FETCH_FAILED, line);
  });
}

/** The refusal of something that could not be judged. Never to be taken for a finding. */
export function notInspected(label: string, why: string, remedy?: string): ReportError {
  const advice = remedy === undefined ? '' : `\nwhat to do: ${remedy}`;
  return refusal(`tarwarden: ${label} was not inspected, so it is not installed: ${why}${advice}`);
}
