/** `tarwarden audit`: inspects every package that lockfiles name. */
export { audit, type AuditOptions } from './audit.ts';
export { lockfilesAt, type LockfileFile } from './lockfile-files/find.ts';
export { planOf, type Plan } from './plan.ts';
export { auditJson, auditNdjson } from './report/json.ts';
export type { AuditReporter } from './report/reporter.ts';
export { auditText } from './report/text.ts';
export {
  auditExitCode,
  isRejected,
  NOTHING_AUDITED,
  summariseAudit,
  type AuditResult,
  type AuditSummary,
} from './result.ts';
export { sourcesFor } from './sources.ts';
