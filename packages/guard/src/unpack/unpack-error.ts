import { printable } from '@tarwarden/core/text';
import { errnoOf, isOutOfSpace } from '../files/errno.ts';

/** The reason why nothing was unpacked although the archive was not rejected. Codes are API. */
export type UnpackErrorCode =
  /** The destination is not a valid name for a folder. */
  | 'DESTINATION_INVALID'
  /** The destination exists and is not an empty folder. */
  | 'DESTINATION_EXISTS'
  /** The parent of the destination does not exist or is not a folder. */
  | 'PARENT_MISSING'
  /** The path to the destination contains a symbolic link. */
  | 'LINK_IN_PATH'
  | 'NOT_PERMITTED'
  /** The disk or the quota is full. */
  | 'NO_SPACE'
  /** A policy let the archive pass, but its entries do not form one set of files and folders. */
  | 'NOT_PLAIN'
  /** Any other failure of the file system. */
  | 'IO_FAILED';

/** Nothing was unpacked: the destination is unchanged. */
export class UnpackError extends Error {
  override readonly name = 'UnpackError';
  readonly code: UnpackErrorCode;

  constructor(code: UnpackErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Converts a file system error that occurred while `doing` into an {@link UnpackError}; other errors are returned unchanged. */
export function asUnpackError(error: unknown, doing: string): unknown {
  if (error instanceof UnpackError || !(error instanceof Error)) return error;
  const { syscall } = error as NodeJS.ErrnoException;
  const errno = errnoOf(error);
  if (errno === undefined || syscall === undefined) return error;
  const [code, reason] = reasonOf(error, errno, syscall);
  return new UnpackError(code, `cannot ${doing}: ${reason} (${printable(errno)})`, {
    cause: error,
  });
}

function reasonOf(error: Error, errno: string, syscall: string): [UnpackErrorCode, string] {
  if (isOutOfSpace(error)) return ['NO_SPACE', 'the disk or the quota is full'];
  return ['EACCES', 'EPERM', 'EROFS'].includes(errno)
    ? ['NOT_PERMITTED', 'no permission to write there']
    : ['IO_FAILED', `${syscall} failed`];
}
