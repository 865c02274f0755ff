/** `tarwarden audit`: inspects every package that lockfiles name. */
export { audit, type AuditOptions } from './audit.ts';
export { lockfileNotes, lockfilesAbove, lockfilesAt, type LockfileFile } from './lockfile-files.ts';
export { namedArchives } from './named/index.ts';
export type { NamedArchive, NamedPackageOptions } from './named/named-archive.ts';
export { planOf, type AuditPlan } from './plan.ts';
export { auditJson, auditNdjson } from './report/json.ts';
export { auditSarif, type AuditSarifOptions } from './report/sarif.ts';
export { auditText, type AuditTextOptions } from './report/text.ts';
export { requestsBeside } from './requests/load.ts';
export {
  auditOutcome,
  isRejected,
  NOTHING_AUDITED,
  summariseAudit,
  type AuditReporter,
  type AuditResult,
  type AuditSummary,
} from './result.ts';
export { sourcesFor } from './sources.ts';
