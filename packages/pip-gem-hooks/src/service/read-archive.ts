import { hash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { errnoOf, openArchive, type OpenedArchive } from '@tarwarden/host';

/** A file that was not read, or is not the one that the guard has seen. */
export class ArchiveFileError extends Error {
  override readonly name = 'ArchiveFileError';
}

/** The bytes of an archive, or the open file if it is large and its format can be read in parts. */
type ReadArchive = Extract<OpenedArchive, { bytes: unknown } | { file: unknown }>;

/** Reads a regular file that is no link. It must have the SHA-256 (lower-case hex) that the guard computed from the client's bytes. */
export function readSeenArchive(
  path: string | Buffer,
  { sha256, inParts }: { readonly sha256: string; readonly inParts: boolean },
): ReadArchive {
  if (!isAbsolute(path.toString('latin1'))) throw new ArchiveFileError('its path is not absolute');
  const opened = open(path, inParts);
  if ('problem' in opened)
    throw new ArchiveFileError(
      opened.problem === 'not-a-file'
        ? 'it is not a regular file'
        : `it has more than ${opened.bytesMax} bytes, and no more are read`,
    );
  const found = 'bytes' in opened ? hash('sha256', opened.bytes, 'hex') : opened.file.sha256;
  if (found === sha256) return opened;
  if ('file' in opened) opened.file.close();
  throw new ArchiveFileError('the file changed while it was looked at');
}

function open(path: string | Buffer, inParts: boolean): OpenedArchive {
  try {
    return openArchive(path, { inParts, follow: false });
  } catch (error) {
    throw new ArchiveFileError(`it cannot be opened (${errnoOf(error)})`, { cause: error });
  }
}
