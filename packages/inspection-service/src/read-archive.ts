import { hash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { errnoOf, readBounded } from '@tarwarden/host';

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
  const { stat, bytes } = opened(path, bytesMax);
  if (bytes !== undefined) return bytes;
  if (!stat.isFile()) throw new ArchiveFileError('it is not a regular file');
  throw new ArchiveFileError(`it has more than ${bytesMax} bytes, and no more are read`);
}

function opened(path: string | Buffer, bytesMax: number): ReturnType<typeof readBounded> {
  try {
    return readBounded(path, { bytesMax, follow: false });
  } catch (error) {
    throw new ArchiveFileError(`it cannot be opened (${errnoOf(error)})`, { cause: error });
  }
}
