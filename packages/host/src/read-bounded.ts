import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';

export interface BoundedRead {
  readonly stat: Stats;
  /** Absent where it is not a regular file, or larger than allowed. */
  readonly bytes?: Buffer;
}

export interface BoundedReadOptions {
  /** Of a file that is longer, nothing is read. */
  readonly bytesMax: number;
  /** Whether a symbolic link is followed. Otherwise it is an error of node:fs, ELOOP on Linux. */
  readonly follow: boolean;
  /** Gives the memory; fresh unless given. */
  readonly allocate?: (bytes: number) => Buffer;
}

/** All bytes of a regular file. Throws what node:fs throws. */
export function readBounded(
  path: string | Buffer,
  { bytesMax, follow, allocate = (bytes) => Buffer.allocUnsafeSlow(bytes) }: BoundedReadOptions,
): BoundedRead {
  // Without O_NONBLOCK, a fifo in the place of the file would be waited for. What Windows does not have counts as 0.
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

/** The first `size` bytes of an open file; less where it has become shorter. */
export function readOpen(
  descriptor: number,
  size: number,
  allocate: (bytes: number) => Buffer,
): Buffer {
  const bytes = allocate(size);
  let length = 0;
  while (length < bytes.length) {
    const read = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (read === 0) break;
    length += read;
  }
  return bytes.subarray(0, length);
}
