/* Where bytes can be had. */
import type { LockfileEntry } from '../plan.ts';
import type { BytesFrom, Check } from '../result.ts';

/** Bytes that have the integrity of the lockfile, as far as it has one for them. */
export interface ObtainedBytes {
  readonly bytes: Buffer;
  readonly from: BytesFrom;
  readonly format: 'npm' | 'yarn-zip' | 'gomod';
  /** Nothing in the lockfile says that these are the bytes. */
  readonly unpinned?: true;
}

/** A place on disk in which the bytes of a package may be. */
export interface ByteCache {
  /** It is in the project, which somebody may have put something else into: it is looked at whatever is remembered of the right bytes. */
  readonly isCommitted?: true;
  /** The bytes, if they are there and have the entry's integrity. What has another one is reported, and not used. */
  find(entry: LockfileEntry, report: (check: Check) => void): ObtainedBytes | undefined;
}

/** What a cache reports that has other bytes under a name, or none that can be read: a link, or what is too large. */
export function mismatch(path: string, isError: boolean): Check {
  return {
    id: 'cache-mismatch',
    level: isError ? 'error' : 'warning',
    message: `a cache has bytes for it that are not those of the lockfile: ${path}`,
  };
}
