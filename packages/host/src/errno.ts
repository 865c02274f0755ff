/** What the system calls a failure. */
import { constants } from 'node:os';

/** The name of a system's error, as in `ENOSPC`; undefined where it is none. Node has no name for EDQUOT: it says `Unknown system error -122`. */
export function errnoOf(error: unknown): string | undefined {
  const { code, errno } = (error ?? {}) as NodeJS.ErrnoException;
  return errno !== undefined && -errno === constants.errno.EDQUOT ? 'EDQUOT' : code;
}

export function isErrno(error: unknown, ...names: readonly string[]): boolean {
  const name = errnoOf(error);
  return name !== undefined && names.includes(name);
}

/** Whether a file or folder may not be made, or no more, where it should go. */
export function isUnwritable(error: unknown): boolean {
  return isOutOfSpace(error) || isErrno(error, 'EROFS', 'ENOENT', 'EACCES', 'EPERM');
}

/** Whether a disk, or this user's part of it, is full. */
export function isOutOfSpace(error: unknown): boolean {
  return isErrno(error, 'ENOSPC', 'EDQUOT');
}

/** Whether an error of node:fs says that nothing is there. */
export function isMissing(error: unknown): boolean {
  return isErrno(error, 'ENOENT', 'ENOTDIR');
}
