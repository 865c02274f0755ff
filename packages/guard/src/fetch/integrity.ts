import { hash as digest } from 'node:crypto';

/** Hash algorithms of Subresource Integrity that registries use, strongest first. */
const ALGORITHMS = ['sha512', 'sha384', 'sha256', 'sha1'] as const;

const SHA512_BYTES = 64;

/** The most hashes read from one integrity text; real texts hold one or two. */
const HASHES_MAX = 16;

/** SHA-512 of bytes as Subresource Integrity. */
export function integrityOf(bytes: Uint8Array): string {
  return `sha512-${digest('sha512', bytes, 'base64')}`;
}

/** The hashes of the strongest known algorithm in an integrity text, without options. Bytes that match any of them are right. */
export function strongest(integrity: string): readonly string[] {
  const hashes = integrity
    .trim()
    .split(/\s+/, HASHES_MAX)
    .map((hash) => hash.replace(/\?.*$/s, ''));
  for (const algorithm of ALGORITHMS) {
    const hashesOfAlgorithm = hashes.filter((hash) => hash.startsWith(`${algorithm}-`));
    if (hashesOfAlgorithm.length > 0) return hashesOfAlgorithm;
  }
  return [];
}

/** One hash as npm, pnpm and Yarn write it, and nothing else. */
const ONE_SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

/** Texts that all clients split in the same way. Rust and JavaScript differ about which other characters are spaces. */
const PLAIN = /^[\t\n\r\u0020-\u007E]*$/;

/** The single hash that identifies bytes safely. Undefined for several, for SHA-1 alone, and if clients may read another hash. */
export function collisionFree(integrity: string | undefined): string | undefined {
  if (integrity === undefined) return undefined;
  // Nearly all lockfiles have this form, and guards ask several times for each package.
  if (ONE_SHA512.test(integrity)) return integrity;
  if (!PLAIN.test(integrity)) return undefined;
  if (integrity.trim().split(/\s+/, HASHES_MAX + 1).length > HASHES_MAX) return undefined;
  const [hash, ...otherHashes] = strongest(integrity);
  return otherHashes.length > 0 || hash?.startsWith('sha1-') === true ? undefined : hash;
}

/** The SHA-512 (lower-case hex) of an integrity text that names exactly one. */
export function sha512Of(integrity: string | undefined): string | undefined {
  const hash = collisionFree(integrity);
  if (hash?.startsWith('sha512-') !== true) return undefined;
  const digest = Buffer.from(hash.slice('sha512-'.length), 'base64');
  // Node.js also decodes text that is not quite base64, but a client may ignore such a hash.
  const isPlain = hash === `sha512-${digest.toString('base64')}`;
  return isPlain && digest.length === SHA512_BYTES ? digest.toString('hex') : undefined;
}

/** Whether bytes match an integrity text by its strongest algorithm. False for a text without a known hash. */
export function hasIntegrity(bytes: Uint8Array, integrity: string): boolean {
  return strongest(integrity).some((hash) => {
    const algorithm = hash.slice(0, hash.indexOf('-'));
    return `${algorithm}-${digest(algorithm, bytes, 'base64')}` === hash;
  });
}
