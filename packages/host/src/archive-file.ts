import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import type { ArchiveFile } from '@tarwarden/core';

/** A file that changed between two looks at it. */
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
  /** @throws ChangedFileError where the file is not what it was when its digests were computed. */
  assertUnchanged(): void;
  close(): void;
}

const PIECE_BYTES = 1024 * 1024;

/**
 * Opens a regular file to be read in parts, and computes its digests.
 *
 * @param options `follow`: whether a symbolic link is followed. Otherwise it is an error of node:fs.
 * @returns Without a file where it is not a regular one, has more than `bytesMax` bytes, or less than `bytesMin`.
 * @throws what node:fs throws.
 */
export function openDigested(
  path: string | Buffer,
  options: { readonly bytesMin: number; readonly bytesMax: number; readonly follow: boolean },
): { readonly stat: Stats; readonly file?: DigestedFile } {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const descriptor = openSync(path, O_RDONLY | O_NONBLOCK | (options.follow ? 0 : O_NOFOLLOW));
  try {
    const stat = fstatSync(descriptor);
    const { bytesMin, bytesMax } = options;
    if (stat.isFile() && stat.size >= bytesMin && stat.size <= bytesMax)
      return { stat, file: digested(descriptor) };
    closeSync(descriptor);
    return { stat };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function digested(descriptor: number): DigestedFile {
  const stat = fstatSync(descriptor, { bigint: true });
  const length = Number(stat.size);
  const read = (target: Buffer, position: number): void => fill(descriptor, target, position);
  const assertUnchanged = (): void => {
    const now = fstatSync(descriptor, { bigint: true });
    if (now.size !== stat.size || now.mtimeNs !== stat.mtimeNs || now.ctimeNs !== stat.ctimeNs)
      throw new ChangedFileError();
  };
  const [sha256, sha512] = [createHash('sha256'), createHash('sha512')];
  const memory = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, length));
  for (let at = 0; at < length; at += memory.length) {
    const piece = memory.subarray(0, Math.min(memory.length, length - at));
    read(piece, at);
    sha256.update(piece);
    sha512.update(piece);
  }
  return {
    length,
    read,
    sha256: sha256.digest('hex'),
    sha512: sha512.digest('hex'),
    assertUnchanged,
    close: () => closeSync(descriptor),
  };
}

/** A read may give less than was asked for. */
function fill(descriptor: number, target: Buffer, position: number): void {
  for (let filled = 0; filled < target.length;) {
    const read = readSync(descriptor, target, filled, target.length - filled, position + filled);
    if (read === 0) throw new ChangedFileError();
    filled += read;
  }
}
