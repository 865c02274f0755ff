/* Files that go opens by name. A link can lead go elsewhere than it led us, and a fifo or a device never ends. We read neither. */
import { readBounded } from '../../files/read-bounded.ts';
import { TooLargeError } from '../too-large.ts';

export class NotRegularFileError extends Error {
  readonly code = 'NOT_A_REGULAR_FILE';

  constructor() {
    super('it is not a regular file');
  }
}

export interface RegularFileOptions {
  /** Nothing is read from a longer file. */
  readonly bytesMax: number;
  /** For files of the user, which may be links. Files that go writes never are. */
  readonly follow?: boolean;
}

/**
 * Reads all bytes of a regular file.
 * @throws NotRegularFileError, TooLargeError, and errors of the disk.
 */
export function readRegularFile(
  file: string,
  { bytesMax, follow = false }: RegularFileOptions,
): Buffer {
  const { stat, bytes } = opened(file, { bytesMax, follow });
  if (bytes !== undefined) return bytes;
  throw stat.isFile() ? TooLargeError.read(bytesMax) : new NotRegularFileError();
}

function opened(...parameters: Parameters<typeof readBounded>): ReturnType<typeof readBounded> {
  try {
    return readBounded(...parameters);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A link that is not followed; a socket, or a device without a driver.
    if (code === 'ELOOP' || code === 'EMLINK' || code === 'ENXIO') throw new NotRegularFileError();
    throw error;
  }
}
