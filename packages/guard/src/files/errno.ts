/** Names of the errors that the system reports. */
import { constants } from 'node:os';

/** The name of a system error, such as `ENOSPC`. Node has no name for EDQUOT: it says `Unknown system error -122`. */
export function errnoOf(error: unknown): string | undefined {
  const { code, errno } = (error ?? {}) as NodeJS.ErrnoException;
  return errno !== undefined && -errno === constants.errno.EDQUOT ? 'EDQUOT' : code;
}

export function isErrno(error: unknown, ...names: readonly string[]): boolean {
  const name = errnoOf(error);
  return name !== undefined && names.includes(name);
}

/** Whether a file or folder cannot be created because of permissions or a full disk. */
export function isUnwritable(error: unknown): boolean {
  return isOutOfSpace(error) || isErrno(error, 'EROFS', 'ENOENT', 'EACCES', 'EPERM');
}

/** Whether a disk or this user's quota is full. */
export function isOutOfSpace(error: unknown): boolean {
  return isErrno(error, 'ENOSPC', 'EDQUOT');
}

/** Whether an error of node:fs says that the path does not exist. */
export function isMissing(error: unknown): boolean {
  return isErrno(error, 'ENOENT', 'ENOTDIR');
}
