/* Files that go opens by name. A link can lead go elsewhere than us, and a fifo or a device never ends: neither is read. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { TooLargeError } from '@tarwarden/host';

export class NotRegularFileError extends Error {
  readonly code = 'NOT_A_REGULAR_FILE';

  constructor() {
    super('it is not a regular file');
  }
}

export interface ReadOptions {
  /** Of a file that is longer nothing is read. */
  readonly bytesMax: number;
  /** For files of the user, which may be links; go's own never are. */
  readonly follow?: boolean;
}

/**
 * All bytes of a regular file.
 * @throws NotRegularFileError, TooLargeError, and what the disk reports.
 */
export function readRegularFile(file: string, { bytesMax, follow = false }: ReadOptions): Buffer {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const flags = O_RDONLY | (O_NONBLOCK ?? 0) | (follow ? 0 : (O_NOFOLLOW ?? 0));
  const descriptor = openOr(file, flags);
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new NotRegularFileError();
    if (stat.size > bytesMax) throw TooLargeError.read(bytesMax);
    const bytes = Buffer.allocUnsafe(stat.size);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

function openOr(file: string, flags: number): number {
  try {
    return openSync(file, flags);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A link under O_NOFOLLOW; a socket, or a device without a driver.
    if (code === 'ELOOP' || code === 'EMLINK' || code === 'ENXIO') throw new NotRegularFileError();
    throw error;
  }
}

/** Whether the disk says that there is no such file: anything else is a failure to look. */
export function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
