/* Hashes files that others may have changed or replaced. */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** A longer file is not read. No file of an archive is as long, so that it differs in any case. */
const FILE_BYTES_MAX = 4 * 1024 * 1024 * 1024;

const PIECE_BYTES = 256 * 1024;
/** One for all files, because a store has tens of thousands. */
let piece: Buffer | undefined;

/** The hash of a file in hex. Undefined if it is not a regular file any more, is too large, or cannot be read. */
export function digestOfFile(path: string, algorithm: 'sha256' | 'sha512'): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(
      path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size > FILE_BYTES_MAX) return undefined;
    const hash = createHash(algorithm);
    piece ??= Buffer.allocUnsafe(PIECE_BYTES);
    for (;;) {
      const read = readSync(descriptor, piece, 0, piece.length, null);
      if (read === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, read));
    }
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
