import { createHash } from 'node:crypto';

/** The digest as `sha512sum` prints it. */
export function sha512(bytes: Uint8Array): string {
  return createHash('sha512').update(bytes).digest('hex');
}
