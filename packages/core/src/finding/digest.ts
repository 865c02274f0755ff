import { createHash } from 'node:crypto';
import type { UndigestedVerdict, Verdict } from './verdict.ts';

const SHA512_HEX = /^[0-9a-f]{128}$/;

/**
 * SHA-512 of an archive's bytes, in hex. If the caller gives none, it is computed here. It is undefined if the caller defers it.
 * @throws TypeError if the given text is not a SHA-512 in lower-case hex.
 */
export function digestOf(
  bytes: Uint8Array,
  { sha512, digest }: { readonly sha512?: string; readonly digest?: 'deferred' },
): string | undefined {
  if (digest === 'deferred') return undefined;
  return sha512 === undefined ? createHash('sha512').update(bytes).digest('hex') : checked(sha512);
}

/**
 * A verdict whose digest was deferred, completed by the SHA-512 (lower-case hex) of the bytes that were inspected.
 * @throws TypeError if the given text is not a SHA-512 in lower-case hex.
 */
export function withDigest(verdict: UndigestedVerdict, sha512: string): Verdict {
  const digest = Buffer.from(checked(sha512), 'hex').toString('base64');
  return {
    ...verdict,
    archive: { sha512, integrity: `sha512-${digest}`, ...verdict.archive },
  };
}

function checked(sha512: string): string {
  if (!SHA512_HEX.test(sha512)) throw new TypeError('sha512: 128 lower-case hex digits are needed');
  return sha512;
}
