import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

export interface BoundedRead {
  readonly stat: Stats;
  /** Absent if it is not a regular file or is too large. */
  readonly bytes?: Buffer;
}

export interface BoundedReadOptions {
  /** A longer file is not read at all. */
  readonly bytesMax: number;
  /** Whether a symbolic link is followed. Otherwise it is an error of node:fs, ELOOP on Linux. */
  readonly follow: boolean;
  /** Allocates the memory; a fresh buffer by default. */
  readonly allocate?: (bytes: number) => Buffer;
}

/** All bytes of a regular file. Throws the errors of node:fs. */
export function readBounded(
  path: string | Buffer,
  { bytesMax, follow, allocate = (bytes) => Buffer.allocUnsafeSlow(bytes) }: BoundedReadOptions,
): BoundedRead {
  // Without O_NONBLOCK, opening a fifo would wait. Flags that Windows lacks count as 0.
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const descriptor = openSync(path, O_RDONLY | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW));
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile() || stat.size > bytesMax) return { stat };
    return { stat, bytes: readOpen(descriptor, stat.size, allocate) };
  } finally {
    closeSync(descriptor);
  }
}

/** The first `size` bytes of an open file; fewer if it has become shorter. */
export function readOpen(
  descriptor: number,
  size: number,
  allocate: (bytes: number) => Buffer,
): Buffer {
  const bytes = allocate(size);
  let length = 0;
  while (length < bytes.length) {
    const readBytes = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (readBytes === 0) break;
    length += readBytes;
  }
  return bytes.subarray(0, length);
}

/** The first bytes of a file. Empty if it cannot be read. */
export function readHead(path: string, bytesMax: number): Buffer {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const size = Math.min(fstatSync(descriptor).size, bytesMax);
      return readOpen(descriptor, size, (bytes) => Buffer.alloc(bytes));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return Buffer.alloc(0);
  }
}

/** Smaller files get a fresh buffer each, because that costs no more. */
const LARGE_BYTES = 4 * 1024 * 1024;
/** The most bytes that are kept for the next file. */
const KEPT_BYTES_MAX = 64 * 1024 * 1024;

/** Memory for files that are read one after another: fresh buffers would pile up. The bytes are valid until the next file. */
export class SharedMemory {
  #keptBuffer: Buffer = Buffer.alloc(0);

  readonly allocate = (bytes: number): Buffer => {
    if (bytes < LARGE_BYTES || bytes > KEPT_BYTES_MAX) return Buffer.allocUnsafeSlow(bytes);
    if (this.#keptBuffer.length < bytes) this.#keptBuffer = Buffer.allocUnsafeSlow(bytes);
    return this.#keptBuffer.subarray(0, bytes);
  };
}
