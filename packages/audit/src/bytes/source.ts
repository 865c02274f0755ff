import type { Format } from '@tarwarden/core';
import type { LockfileEntry } from '../plan.ts';
import type { BytesFrom, Check } from '../result.ts';

/** Bytes that have the integrity of the lockfile, if the lockfile has one for them. */
export interface ObtainedBytes {
  readonly bytes: Buffer;
  readonly from: BytesFrom;
  /** The address of the download, without credentials. Absent for bytes of a cache. */
  readonly address?: string;
  readonly format: Format;
  /** The lockfile has no hash of these bytes. */
  readonly unpinned?: true;
}

/** A folder on disk that may have the bytes of a package. */
export interface ByteCache {
  /** The cache is in the project, where somebody may have changed it. So it is checked even if the verdict on the right bytes is remembered. */
  readonly isCommitted?: true;
  /** Returns the bytes if the cache has them with the entry's integrity. Bytes with another integrity are reported, and not used. */
  find(entry: LockfileEntry, report: (check: Check) => void): ObtainedBytes | undefined;
}

/** The check for a cache that has other bytes under a name, or a file that is not read: a link, or one that is too large. */
export function mismatch(path: string, isError: boolean): Check {
  return {
    id: 'cache-mismatch',
    level: isError ? 'error' : 'warning',
    message: `a cache has bytes for it that are not those of the lockfile: ${path}`,
  };
}
