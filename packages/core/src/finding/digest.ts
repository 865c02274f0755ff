import { createHash } from 'node:crypto';

const SHA512_HEX = /^[0-9a-f]{128}$/;

/**
 * SHA-512 of an archive's bytes, in hex. If the caller gives none, it is computed here.
 * @throws TypeError if the given text is not a SHA-512 in lower-case hex.
 */
export function digestOf(bytes: Uint8Array, sha512: string | undefined): string {
  if (sha512 === undefined) return createHash('sha512').update(bytes).digest('hex');
  if (!SHA512_HEX.test(sha512)) throw new TypeError('sha512: 128 lower-case hex digits are needed');
  return sha512;
}
