import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { TarwardenError } from '../errors.ts';
import { MAX_POLICY_BYTES } from '../limits.ts';
import { printable } from '../printable.ts';

/** Whether an error of node:fs says that nothing is there. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/**
 * Text of a small configuration file, a byte order mark taken off; undefined where there is none. Throws
 * `POLICY_UNREADABLE` where it cannot be read, and `POLICY_INVALID` where it is no regular file, larger than
 * `MAX_POLICY_BYTES`, not UTF-8, or (unless `follow`) a symbolic link.
 */
export function readTextFile(path: string, how: { readonly follow: boolean }): string | undefined {
  const name = printable(path, 4096);
  let bytes: Uint8Array;
  try {
    if (!how.follow && lstatSync(path).isSymbolicLink()) {
      throw new TarwardenError(
        'POLICY_INVALID',
        `${name} is a symbolic link: a repository's policy has to be in the repository, where changes are reviewed`,
      );
    }
    bytes = readBounded(path, how.follow ? 0 : (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (error instanceof TarwardenError) throw error;
    if (isMissing(error)) return undefined;
    const { code } = error as NodeJS.ErrnoException;
    throw new TarwardenError('POLICY_UNREADABLE', `cannot read ${name}: ${code ?? 'unknown'}`, {
      cause: error,
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new TarwardenError('POLICY_INVALID', `${name} is not UTF-8 text`, { cause: error });
  }
}

function readBounded(path: string, flags: number): Uint8Array {
  // Without O_NONBLOCK, a fifo in the place of the file would be waited for.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | flags);
  try {
    const stat = fstatSync(descriptor);
    const name = printable(path, 4096);
    if (!stat.isFile()) throw new TarwardenError('POLICY_INVALID', `${name} is not a file`);
    if (stat.size > MAX_POLICY_BYTES) {
      throw new TarwardenError(
        'POLICY_INVALID',
        `${name} is larger than ${MAX_POLICY_BYTES} bytes`,
      );
    }
    const bytes = new Uint8Array(stat.size);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}
