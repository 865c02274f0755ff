import { hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { errnoOf } from '@tarwarden/host/errno';

/** A file that was not read, or is not the one that the guard has seen. */
export class ArchiveFileError extends Error {
  override readonly name = 'ArchiveFileError';
}

/**
 * The bytes of a regular file that is no link, if they have this SHA-256 (lower-case hex). The guard has computed that of what
 * the client is about to use.
 */
export function readArchive(
  path: string | Buffer,
  { sha256, bytesMax }: { readonly sha256: string; readonly bytesMax: number },
): Buffer {
  if (!isAbsolute(path.toString('latin1'))) throw new ArchiveFileError('its path is not absolute');
  const bytes = readFile(path, bytesMax);
  if (hash('sha256', bytes, 'hex') !== sha256)
    throw new ArchiveFileError('the file changed while it was looked at');
  return bytes;
}

function readFile(path: string | Buffer, bytesMax: number): Buffer {
  let descriptor: number;
  try {
    // Without O_NONBLOCK, a fifo that took the file's place would be waited for.
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    throw new ArchiveFileError(`it cannot be opened (${errnoOf(error)})`, { cause: error });
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new ArchiveFileError('it is not a regular file');
    if (stats.size > bytesMax)
      throw new ArchiveFileError(`it has more than ${bytesMax} bytes, and no more are read`);
    const bytes = Buffer.allocUnsafeSlow(stats.size);
    let length = 0;
    while (length < bytes.length) {
      const count = readSync(descriptor, bytes, length, bytes.length - length, null);
      if (count === 0) break;
      length += count;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}
