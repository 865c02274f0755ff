import { printable } from '@tarwarden/core/text';
import { errnoOf, isOutOfSpace } from '../errno.ts';

/** Why nothing was unpacked although the archive was not rejected. Codes are API. */
export type UnpackErrorCode =
  /** The destination is not a name that a folder can be given. */
  | 'DESTINATION_INVALID'
  /** Something other than an empty folder is at the destination. */
  | 'DESTINATION_EXISTS'
  /** The folder in which the destination should be made is not there, or is not a folder. */
  | 'PARENT_MISSING'
  /** The way to the destination leads through a symbolic link. */
  | 'LINK_IN_PATH'
  | 'NOT_PERMITTED'
  /** The disk or the quota is full. */
  | 'NO_SPACE'
  /** Another process changed what was being written. */
  | 'TAMPERED'
  /** A policy let the archive pass, but what it holds is not one set of files and folders. */
  | 'NOT_PLAIN'
  /** Any other failure of the file system. */
  | 'IO_FAILED';

/** Nothing was unpacked: the destination is as it was before. */
export class UnpackError extends Error {
  override readonly name = 'UnpackError';
  readonly code: UnpackErrorCode;
  /** Temporary folder that could not be removed, a path; undefined where nothing was left. */
  leftover: string | undefined;

  constructor(code: UnpackErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

const CODES: Readonly<Record<string, UnpackErrorCode>> = {
  EACCES: 'NOT_PERMITTED',
  EPERM: 'NOT_PERMITTED',
  EROFS: 'NOT_PERMITTED',
  // The way to the destination was looked at before, so these come of what somebody did meanwhile.
  ENOENT: 'TAMPERED',
  ENOTDIR: 'TAMPERED',
  ELOOP: 'TAMPERED',
  EEXIST: 'TAMPERED',
};

const REASONS: Readonly<Partial<Record<UnpackErrorCode, string>>> = {
  NOT_PERMITTED: 'no permission to write there',
  NO_SPACE: 'the disk or the quota is full',
  TAMPERED: 'another process changed what was being written',
};

/** What failed while `doing`, as an {@link UnpackError}; anything that is not an error of the file system stays as it is. */
export function asUnpackError(error: unknown, doing: string): unknown {
  if (error instanceof UnpackError || !(error instanceof Error)) return error;
  const { syscall } = error as NodeJS.ErrnoException;
  const errno = errnoOf(error);
  if (errno === undefined || syscall === undefined) return error;
  const code = isOutOfSpace(error) ? 'NO_SPACE' : (CODES[errno] ?? 'IO_FAILED');
  const reason = REASONS[code] ?? `${syscall} failed`;
  return new UnpackError(code, `cannot ${doing}: ${reason} (${printable(errno)})`, {
    cause: error,
  });
}
