import { hash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { errnoOf, openDigested, readBounded, type DigestedFile } from '@tarwarden/host';

/** A file that was not read, or is not the one that the guard has seen. */
export class ArchiveFileError extends Error {
  override readonly name = 'ArchiveFileError';
}

export interface ReadArchiveOptions {
  /** Lower-case hex. The guard has computed it of what the client is about to use. */
  readonly sha256: string;
  readonly bytesMax: number;
}

/** The bytes of a regular file that is no link, if they have this SHA-256. */
export function readArchive(path: string | Buffer, options: ReadArchiveOptions): Buffer {
  assertAbsolute(path);
  const bytes = readFile(path, options.bytesMax);
  assertSame(hash('sha256', bytes, 'hex'), options.sha256);
  return bytes;
}

/** The same file opened, to be read in parts. Undefined where it has less than `bytesMin` bytes, or is not a regular file. */
export function openArchive(
  path: string | Buffer,
  options: ReadArchiveOptions & { readonly bytesMin: number },
): DigestedFile | undefined {
  assertAbsolute(path);
  const { stat, file } = opened(() => openDigested(path, { ...options, follow: false }));
  if (stat.isFile() && stat.size > options.bytesMax) throw tooLarge(options.bytesMax);
  try {
    if (file !== undefined) assertSame(file.sha256, options.sha256);
  } catch (error) {
    file?.close();
    throw error;
  }
  return file;
}

function assertAbsolute(path: string | Buffer): void {
  if (!isAbsolute(path.toString('latin1'))) throw new ArchiveFileError('its path is not absolute');
}

function assertSame(found: string, seen: string): void {
  if (found !== seen) throw new ArchiveFileError('the file changed while it was looked at');
}

function readFile(path: string | Buffer, bytesMax: number): Buffer {
  const { stat, bytes } = opened(() => readBounded(path, { bytesMax, follow: false }));
  if (bytes !== undefined) return bytes;
  if (!stat.isFile()) throw new ArchiveFileError('it is not a regular file');
  throw tooLarge(bytesMax);
}

function tooLarge(bytesMax: number): ArchiveFileError {
  return new ArchiveFileError(`it has more than ${bytesMax} bytes, and no more are read`);
}

function opened<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw new ArchiveFileError(`it cannot be opened (${errnoOf(error)})`, { cause: error });
  }
}
