/** Reads the texts of ten kinds of lockfiles. It uses neither the disk nor the network. */
export { isAmbiguous, isWeak, sriOf, sriOfHex } from './lockfile/integrity.ts';
export type {
  Integrity,
  LockedIndex,
  LockedPackage,
  Lockfile,
  LockfileKind,
  LockfileProblem,
  PackageSource,
  Platforms,
  LockedResolution,
} from './lockfile/lockfile.ts';
export { MAX_LOCKFILE_CHARS } from './lockfile/limits.ts';
export { isWorkspaceLockfile, lockfileKindOf, readLockfile } from './lockfile/read.ts';
export { resolvedCommit } from './lockfile/specs.ts';
