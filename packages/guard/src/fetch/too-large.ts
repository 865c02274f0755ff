const CODE = 'TARWARDEN_TOO_LARGE';

export const TOO_LARGE_REMEDY: string =
  'find out where it comes from: no real package is that long, and some server may send bytes without an end. ' +
  'Only limits.unpackedBytes of a policy makes the limit lower than 512 MiB';

/** A body longer than the bound. Asking again would not make it smaller. */
export class TooLargeError extends Error {
  /** No package manager retries on this code. Some package managers keep only the code of an error. */
  readonly code: string = CODE;

  static announced(bytes: number, bytesMax: number): TooLargeError {
    return new TooLargeError(`${bytes} bytes are announced, and no more than ${bytesMax} are read`);
  }

  static read(bytesMax: number): TooLargeError {
    return new TooLargeError(`more than ${bytesMax} bytes came, and no more are read`);
  }
}

/** Whether a client's error, of any kind, says that a download was too large. */
export function isTooLarge(error: unknown): error is Error {
  return error instanceof Error && (error as { code?: unknown }).code === CODE;
}
