import { MAX_ARCHIVE_FILE_BYTES } from '@tarwarden/core/limits';
import { isMissing, readBounded } from '@tarwarden/host';

/** The bytes of an archive on disk; undefined where there is none that can be read. */
export function readArchiveFile(path: string): Buffer | undefined {
  try {
    return readBounded(path, { bytesMax: MAX_ARCHIVE_FILE_BYTES, follow: false }).bytes;
  } catch (error) {
    if (isMissing(error)) return undefined;
    const { code } = error as NodeJS.ErrnoException;
    // A link, or a file of somebody else's: as if it were not there.
    if (code === 'ELOOP' || code === 'EACCES' || code === 'EPERM' || code === 'EISDIR')
      return undefined;
    throw error;
  }
}
