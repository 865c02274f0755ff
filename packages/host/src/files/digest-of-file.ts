/* Hashes files that others may have changed or replaced. */
import { createHash, hash } from 'node:crypto';
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
    piece ??= Buffer.allocUnsafe(PIECE_BYTES);
    let read = readSync(descriptor, piece, 0, piece.length, null);
    // Most files end here. Another read, and an object that hashes, take longer than the hash of a small file.
    if (read === stat.size && read < piece.length)
      return hash(algorithm, piece.subarray(0, read), 'hex');
    const digest = createHash(algorithm);
    for (; read > 0; read = readSync(descriptor, piece, 0, piece.length, null))
      digest.update(piece.subarray(0, read));
    return digest.digest('hex');
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
