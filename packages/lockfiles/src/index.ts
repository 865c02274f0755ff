/** Reads the texts of ten kinds of lockfiles. It uses neither the disk nor the network. */
export { isAmbiguous, isWeak, sriOf, sriOfHex } from './integrity.ts';
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
} from './lockfile.ts';
export { MAX_LOCKFILE_CHARS } from './limits.ts';
export { isWorkspaceLockfile, lockfileKindOf, readLockfile } from './read.ts';
export { resolvedCommit } from './specs.ts';
