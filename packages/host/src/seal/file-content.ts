/* Reads the content of files. It loads little, because threads run it. */
import { createHash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { MODE_BITS } from './format.ts';
import { changedError, isSameState, pathBelow, unreadableError } from './walk.ts';

/** The files of one folder that are read together. */
export interface FileBatch {
  readonly folder: Uint8Array;
  /** Paths below the folder, with a NUL after each. */
  readonly paths: Uint8Array;
  /** A file of another size is not read: its hash does not matter. Negative if every size will do. */
  readonly sizes: Float64Array;
}

/** The content of each file of a batch, in the same order. */
export interface BatchContent {
  readonly modes: Uint16Array;
  readonly sizes: Float64Array;
  /** 32 bytes for each file. */
  readonly digests: Uint8Array;
}

export const DIGEST_BYTES = 32;
const PIECE_BYTES = 256 * 1024;
/** One for all files, because a cache has tens of thousands. */
const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);

/** @throws TarwardenError at the first file that cannot be read, or that changes meanwhile. */
export function readBatch({ folder, paths, sizes }: FileBatch): BatchContent {
  const content = {
    modes: new Uint16Array(sizes.length),
    sizes: new Float64Array(sizes.length),
    digests: new Uint8Array(sizes.length * DIGEST_BYTES),
  };
  const all = Buffer.from(paths);
  let start = 0;
  for (let at = 0; at < sizes.length; at += 1) {
    const end = all.indexOf(0, start);
    const path = pathBelow(Buffer.from(folder), all.subarray(start, end));
    start = end + 1;
    const { mode, size, sha256 } = readFile(path, sizes[at]!);
    content.modes[at] = mode;
    content.sizes[at] = size;
    if (sha256 !== undefined) content.digests.set(sha256, at * DIGEST_BYTES);
  }
  return content;
}

function readFile(
  path: Buffer,
  sealedSize: number,
): { readonly mode: number; readonly size: number; readonly sha256?: Uint8Array } {
  let descriptor: number | undefined;
  try {
    // Without O_NONBLOCK, a FIFO that took the place of the file would make us wait. Flags that Windows lacks count as 0.
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const before = fstatSync(descriptor);
    if (!before.isFile()) throw changedError(path);
    const { size } = before;
    const mode = before.mode & MODE_BITS;
    if (sealedSize >= 0 && sealedSize !== size) return { mode, size };
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
