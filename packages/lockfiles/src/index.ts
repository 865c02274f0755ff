/** Lockfiles of ten kinds, text in, data out. Reads no disk and no network. */
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
export { lockfileKindOf, readLockfile } from './read.ts';
