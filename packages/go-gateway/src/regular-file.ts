/* Files that go opens by name. A link can lead go elsewhere than us, and a fifo or a device never ends: neither is read. */
import { readBounded, TooLargeError } from '@tarwarden/host';

export class NotRegularFileError extends Error {
  readonly code = 'NOT_A_REGULAR_FILE';

  constructor() {
    super('it is not a regular file');
  }
}

export interface RegularFileOptions {
  readonly bytesMax: number;
  /** For files of the user, which may be links; go's own never are. */
  readonly follow?: boolean;
}

/**
 * All bytes of a regular file.
 * @throws NotRegularFileError, TooLargeError, and what the disk reports.
 */
export function readRegularFile(
  file: string,
  { bytesMax, follow = false }: RegularFileOptions,
): Buffer {
  const { stat, bytes } = opened(file, { bytesMax, follow });
  if (bytes !== undefined) return bytes;
  throw stat.isFile() ? TooLargeError.read(bytesMax) : new NotRegularFileError();
}

function opened(...how: Parameters<typeof readBounded>): ReturnType<typeof readBounded> {
  try {
    return readBounded(...how);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A link that is not followed; a socket, or a device without a driver.
    if (code === 'ELOOP' || code === 'EMLINK' || code === 'ENXIO') throw new NotRegularFileError();
    throw error;
  }
}
