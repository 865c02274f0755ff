import { isSet, REPORT_VARIABLES } from '@tarwarden/host/report-variables';
import { asksForReportOnly } from '@tarwarden/host/user-policy';

/** Whether the end of every run is reported, also of one in which nothing can be installed. */
export function reportsEveryRun(env: NodeJS.ProcessEnv): boolean {
  const { report, summary } = REPORT_VARIABLES;
  return isSet(env, report) || isSet(env, summary) || asksForReportOnly(env);
}
