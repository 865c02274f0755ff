/** All work on disk, environment and network. The core's `inspect` and its reports stay pure and do not import this package. */
export {
  loadPolicy,
  policyAlone,
  policyFilesInForce,
  underCurrentMachine,
  type LoadedPolicy,
  type LoadPolicyOptions,
  type PolicyFileInForce,
  type PolicySettings,
} from './policy/policy-file.ts';
export {
  approvalsPath,
  readApprovals,
  refusePlantedApprovals,
  refusePlantedPolicy,
  type ApprovalsOptions,
} from './policy/approvals.ts';
export { machinePolicyPath } from './policy/machine-policy.ts';
export { userPolicyPath } from './policy/user-policy.ts';
export { projectFolders, projectRoot, lockfilesAboveIn } from './policy/project-root.ts';
export {
  projectPolicyTarget,
  unconfiguredPolicy,
  type PolicyTarget,
} from './policy/policy-places.ts';
export {
  cacheDirectory,
  isPrivateDirectory,
  makePrivateDirectory,
  type Environment,
} from './known/cache-directory.ts';
export { sourceKey, type SourceParts } from './source-key.ts';
export { errnoOf, isMissing, isOutOfSpace, isUnwritable } from './files/errno.ts';
export { homeFolder } from './files/home-folder.ts';
export { makeFolders } from './files/make-folders.ts';
export { fileState, makeFolderOf, replaceFile } from './files/replace-file.ts';
export { readBounded } from './files/read-bounded.ts';
export { folderEntries, folderNames } from './project/folder-entries.ts';
export { ignoredPaths, trackedEntries, type IgnoredPath } from './project/git-index.ts';
export {
  isLocalSpecifier,
  localDependency,
  lockedLocally,
  unnamedLocally,
  type LocalDependency,
} from './project/local-dependency.ts';
export { projectLink, type ProjectLink } from './project/project-links.ts';
export { leavingEntry, type LeavingEntry } from './project/leaving-entry.ts';
export { isWithin, realAsFar, realOrSame } from './project/real-path.ts';
export { isMember, isUnderstood } from './project/workspace-members.ts';
export { ByteBudget, type ByteShare } from './fetch/byte-budget.ts';
export { limitBodies, type BytesMaxOf } from './fetch/body-limit.ts';
export { isTooLarge, TOO_LARGE_REMEDY, TooLargeError } from './fetch/too-large.ts';
export { dropBody, ignoreErrors } from './fetch/fetch-body.ts';
export {
  fetchArchive,
  fetchTarball,
  type ArchiveRequest,
  type FetchRequest,
} from './fetch/fetch.ts';
export { fetchCommit, commitOf, type Commit } from './fetch/git-commit.ts';
export { isNoRoute, isNotFound, isUntrusted } from './fetch/fetch-retry.ts';
export { HostReach, isUnreached } from './fetch/fetch-settings.ts';
export { basicAuthorization, userOf } from './fetch/url-user.ts';
export { systemAuthorities } from './fetch/system-authorities.ts';
export { registryFor, tarballUrl, type NetworkSettings } from './fetch/fetch-settings.ts';
export {
  InspectionPool,
  inspectionThread,
  type Conversion,
  type Converted,
  type InspectionThread,
  type ThreadOptions,
} from './inspect/inspection-thread.ts';

export { serveInspections } from './inspect/serve-inspections.ts';
export {
  ChangedFileError,
  inspectInParts,
  openArchive,
  type DigestedFile,
  type OpenArchiveOptions,
  type OpenedArchive,
} from './inspect/archive-file.ts';
export { fileHasIntegrity } from './fetch/file-integrity.ts';
export { collisionFree, hasIntegrity, integrityOf, sha512Of } from './fetch/integrity.ts';
export {
  openVerdictStore,
  policyFingerprint,
  type VerdictKey,
  type VerdictStore,
  type VerdictStoreOptions,
} from './known/verdict-store.ts';
export { isSameToken } from './run/token.ts';
export { gunzipped } from './fetch/fetch-encoding.ts';
export { isWhole } from './fetch/whole-archive.ts';
export { unpackAny } from './unpack/unpack-any.ts';
export { unpack, type UnpackOptions, type UnpackResult } from './unpack/unpack.ts';
export { UnpackError, type UnpackErrorCode } from './unpack/unpack-error.ts';
export {
  guard,
  isAsClaimed,
  openGuard,
  refuse,
  refuseUninspected,
  reportHeldExceptions,
  reportVerdict,
  weigh,
  type Decision,
  type GuardedArchive,
  type GuardState,
  type Refusal,
} from './guard.ts';
export {
  contactLine,
  notInspected,
  rejected,
  uploadWarning,
  type Refused,
} from './refusal/refused.ts';
export { runReportOf } from './report/run-report.ts';
export type { Subject } from './refusal/subject.ts';
