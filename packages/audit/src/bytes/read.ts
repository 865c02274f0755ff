import { MAX_ARCHIVE_FILE_BYTES } from '@tarwarden/core/limits';
import { isMissing, readBounded } from '@tarwarden/host';

/** The bytes of an archive on disk. Undefined if there is no file that this user can read. */
export function readArchiveFile(path: string): Buffer | undefined {
  try {
    return readBounded(path, { bytesMax: MAX_ARCHIVE_FILE_BYTES, follow: false }).bytes;
  } catch (error) {
    if (isMissing(error)) return undefined;
    const { code } = error as NodeJS.ErrnoException;
    // A link, or a file that this user may not read, counts as missing.
    if (code === 'ELOOP' || code === 'EACCES' || code === 'EPERM' || code === 'EISDIR')
      return undefined;
    throw error;
  }
}
