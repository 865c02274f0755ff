import { createHash } from 'node:crypto';

const SHA512_HEX = /^[0-9a-f]{128}$/;

/**
 * SHA-512 of an archive's bytes, or what the caller computed instead.
 * @throws TypeError for what is not a SHA-512 in lower-case hex.
 */
export function digestOf(bytes: Uint8Array, known: { readonly sha512?: string }): Buffer {
  const { sha512 } = known;
  if (sha512 === undefined) return createHash('sha512').update(bytes).digest();
  if (!SHA512_HEX.test(sha512)) throw new TypeError('sha512: 128 lower-case hex digits are needed');
  return Buffer.from(sha512, 'hex');
}
