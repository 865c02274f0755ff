/** Policy files of an organisation, a user and a project: reading, merging and applying them. */
export {
  approvalsText,
  isException,
  isExceptionHash,
  parseApprovals,
  permissionHash,
  type Approval,
  type Permission,
} from './approvals-file.ts';
export { exceptionHash } from './approval.ts';
export { dayOf, isCalendarDay } from './day.ts';
export {
  claimedPackage,
  hasExpired,
  unmatchedExceptions,
  type InspectedPackage,
} from './exceptions.ts';
export {
  gitDependencyHash,
  mergeGitDependencies,
  type GitDependencies,
} from './git-dependencies.ts';
export { isRaised, pinnedPreset, PRESET_NAMES, presetRules } from './presets.ts';
export { JsonSyntaxError, parseJson, type JsonDocument, type JsonPosition } from './json-source.ts';
export {
  loosenings,
  mergePolicy,
  rulesWithoutExceptions,
  stricterOf,
  underMachine,
} from './merge.ts';
export { levelIn } from '../rules/levels.ts';
export {
  formatIdentity,
  isSamePackage,
  parseIdentity,
  type PackageIdentity,
} from './package-identity.ts';
export {
  formatPackageRequest,
  prefixedName,
  readPackageRequest,
  type NamedVersion,
} from './package-request.ts';
export { parseException, parsePolicy, pathText, type PolicyProblem } from './parse.ts';
export {
  type GitDependency,
  type HeldException,
  type HeldPreset,
  repositoryPolicy,
} from './policy.ts';
export { heldPreset, type PolicyFile } from './schema.ts';
export { closed, describedText, matching } from './schema-parts.ts';
export { weighClaims, type ClaimContext } from './finding-log.ts';
export type { Claim } from '../metadata/claims.ts';
