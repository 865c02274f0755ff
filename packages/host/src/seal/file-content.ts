import { createHash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { MODE_BITS, type FileContent } from './format.ts';
import { changedError, isSameState, unreadableError } from './walk.ts';

const PIECE_BYTES = 256 * 1024;
/** One for all files, because a cache has tens of thousands. */
const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
const NOT_READ = new Uint8Array(32);

/**
 * The content of a file. A file of another size than `sealedSize` is not read, and has a hash of zeros.
 * @throws TarwardenError if it cannot be read, or changes meanwhile.
 */
export function fileContent(path: Buffer, sealedSize?: number): FileContent {
  let descriptor: number | undefined;
  try {
    // Without O_NONBLOCK, a FIFO that took the place of the file would make us wait. Flags that Windows lacks count as 0.
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const before = fstatSync(descriptor);
    if (!before.isFile()) throw changedError(path);
    const { size } = before;
    const mode = before.mode & MODE_BITS;
    if (sealedSize !== undefined && sealedSize !== size) return { mode, size, sha256: NOT_READ };
    const sha256 = digestOf(descriptor, size);
    if (!isSameState(before, fstatSync(descriptor))) throw changedError(path);
    return { mode, size, sha256 };
  } catch (error) {
    throw unreadableError(path, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The hash of all bytes. If another process cuts or extends the file meanwhile, its state differs afterwards. */
function digestOf(descriptor: number, size: number): Uint8Array {
  const length = readSync(descriptor, piece, 0, piece.length, null);
  // Most files end here. An object that hashes takes longer than the hash of a small file.
  if (length === size && length < piece.length)
    return hash('sha256', piece.subarray(0, length), 'buffer');
  const digest = createHash('sha256');
  let remaining = size;
  for (let read = length; read > 0; read = readSync(descriptor, piece, 0, piece.length, null)) {
    digest.update(piece.subarray(0, read));
    remaining -= read;
    // A file that another process extends all the time would have no end.
    if (remaining <= 0) break;
  }
  return digest.digest();
}
