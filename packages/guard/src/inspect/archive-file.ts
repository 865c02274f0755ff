import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { inspectFile, type ArchiveFile, type Verdict } from '@tarwarden/core';
import {
  MAX_ARCHIVE_FILE_BYTES,
  MAX_WHEEL_FILE_BYTES,
  WHEEL_IN_MEMORY_BYTES,
} from '@tarwarden/core/limits';
import { readOpen } from '../files/read-bounded.ts';

export class ChangedFileError extends Error {
  override readonly name = 'ChangedFileError';

  constructor() {
    super('the file changed while it was looked at');
  }
}

/** An open file, its digests in lower-case hex. */
export interface DigestedFile extends ArchiveFile {
  readonly sha256: string;
  readonly sha512: string;
  /** @throws ChangedFileError if the file has changed since its digests were computed. */
  assertUnchanged(): void;
  close(): void;
}

const PIECE_BYTES = 1024 * 1024;

/** The result of opening an archive: its bytes, an open file to read in parts (for a large archive), or the reason for neither. */
export type OpenedArchive =
  | { readonly bytes: Buffer }
  | { readonly file: DigestedFile }
  | { readonly problem: 'not-a-file' }
  | { readonly problem: 'too-large'; readonly bytesMax: number };

export interface OpenArchiveOptions {
  /** Whether this format can be read in parts. If so, a large file is. */
  readonly inParts: boolean;
  /** Whether a symbolic link is followed. Otherwise it is an error of node:fs. */
  readonly follow: boolean;
  /** Allocates the memory; a fresh buffer by default. */
  readonly allocate?: (bytes: number) => Buffer;
}

/**
 * Opens an archive once, so that its size and its bytes belong to the same file.
 * @throws the errors of node:fs.
 */
export function openArchive(path: string | Buffer, options: OpenArchiveOptions): OpenedArchive {
  const { inParts, follow, allocate = (size) => Buffer.allocUnsafeSlow(size) } = options;
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const descriptor = openSync(path, O_RDONLY | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW));
  let file: DigestedFile | undefined;
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return { problem: 'not-a-file' };
    const isLarge = inParts && stat.size >= WHEEL_IN_MEMORY_BYTES;
    const bytesMax = isLarge ? MAX_WHEEL_FILE_BYTES : MAX_ARCHIVE_FILE_BYTES;
    if (stat.size > bytesMax) return { problem: 'too-large', bytesMax };
    if (!isLarge) return { bytes: readOpen(descriptor, stat.size, allocate) };
    file = digested(descriptor);
    return { file };
  } finally {
    if (file === undefined) closeSync(descriptor);
  }
}

/**
 * Inspects an archive that is read in parts.
 * @throws ChangedFileError if the file was written to meanwhile.
 */
export function inspectInParts(
  file: DigestedFile,
  options: Omit<Parameters<typeof inspectFile>[1], 'sha512'>,
): Verdict {
  const verdict = inspectFile(file, { ...options, sha512: file.sha512 });
  file.assertUnchanged();
  return verdict;
}

function digested(descriptor: number): DigestedFile {
  const stat = fstatSync(descriptor, { bigint: true });
  const length = Number(stat.size);
  const readAt = (target: Buffer, position: number): void => fill(descriptor, target, position);
  const assertUnchanged = (): void => {
    const currentStat = fstatSync(descriptor, { bigint: true });
    if (
      currentStat.size !== stat.size ||
      currentStat.mtimeNs !== stat.mtimeNs ||
      currentStat.ctimeNs !== stat.ctimeNs
    )
      throw new ChangedFileError();
  };
  const [sha256, sha512] = [createHash('sha256'), createHash('sha512')];
  const memory = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, length));
  for (let offset = 0; offset < length; offset += memory.length) {
    const piece = memory.subarray(0, Math.min(memory.length, length - offset));
    readAt(piece, offset);
    sha256.update(piece);
    sha512.update(piece);
  }
  return {
    length,
    read: readAt,
    sha256: sha256.digest('hex'),
    sha512: sha512.digest('hex'),
    assertUnchanged,
    close: () => closeSync(descriptor),
  };
}

/** A read may return fewer bytes than requested, so repeat it. */
function fill(descriptor: number, target: Buffer, position: number): void {
  for (let filled = 0; filled < target.length;) {
    const readBytes = readSync(
      descriptor,
      target,
      filled,
      target.length - filled,
      position + filled,
    );
    if (readBytes === 0) throw new ChangedFileError();
    filled += readBytes;
  }
}
