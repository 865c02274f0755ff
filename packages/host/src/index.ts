/**
 * What touches disk, environment and network: policy files, remembered verdicts, downloads, unpacking. `inspect` and
 * the reports stay pure, and do not import this.
 */
export {
  loadPolicy,
  type LoadedPolicy,
  type LoadPolicyOptions,
  type PolicySettings,
} from './policy-file.ts';
export { unconfiguredPolicy } from './policy-places.ts';
export { cacheDirectory, isPrivateDirectory, makePrivateDirectory } from './cache-directory.ts';
export type { Environment } from './cache-directory.ts';
export { errnoOf, isOutOfSpace, isUnwritable } from './errno.ts';
export { mayBeCommitted } from './committed.ts';
export { trackedEntries } from './git-index.ts';
export { projectLink, type ProjectLink } from './project-links.ts';
export { isWithin, realAsFar } from './real-path.ts';
export { ByteBudget, type ByteShare } from './byte-budget.ts';
export { limitBodies, type BytesMaxOf } from './body-limit.ts';
export { isTooLarge, TOO_LARGE_REMEDY, TooLargeError } from './too-large.ts';
export { fetchTarball, type FetchRequest } from './fetch.ts';
export { isNotFound } from './fetch-retry.ts';
export { registryFor, tarballUrl, type NetworkSettings } from './fetch-settings.ts';
export { judgeThread, type JudgeThread, type ThreadOptions } from './judge-thread.ts';
export { serveJudge } from './judge-serve.ts';
export { collisionFree, hasIntegrity, integrityOf, sha512Of } from './integrity.ts';
export {
  openVerdictStore,
  policyFingerprint,
  type VerdictKey,
  type VerdictStore,
  type VerdictStoreOptions,
} from './verdict-store.ts';
export { isWhole } from './whole-archive.ts';
export { unpack, type UnpackOptions, type UnpackResult } from './unpack.ts';
export { UnpackError, type UnpackErrorCode } from './unpack-error.ts';
export { Inspector, type Inspection, type InspectorOptions } from './inspector/inspector.ts';
export { Refusals } from './inspector/refusals.ts';
export { notInspected, rejected, type Refused } from './inspector/refused.ts';
export { nameOf, type Subject } from './inspector/subject.ts';
