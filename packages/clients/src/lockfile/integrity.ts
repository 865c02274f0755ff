/* Converts the integrities of lockfiles to one form. */
import { MAX_FIELD_CHARS } from './limits.ts';
import type { Integrity } from './lockfile.ts';

/** The characters of a digest in base64, with padding. */
const LENGTHS: Readonly<Record<string, number>> = { sha512: 88, sha384: 64, sha256: 44, sha1: 28 };

/** The strongest first. */
const ALGORITHMS = ['sha512', 'sha384', 'sha256', 'sha1'] as const;

/** Hashes of one text that are read. Real texts have one or two, and those for the builds of a wheel some dozens. */
const HASHES_MAX = 4096;

/** Reads a Subresource Integrity text. Undefined if no hash in it can be checked. */
export function sriOf(text: string): Integrity | undefined {
  const knownHashes = hashesOf(text).filter((hash) => algorithmOf(hash) !== undefined);
  return knownHashes.length === 0 ? undefined : { type: 'sri', value: knownHashes.join(' ') };
}

/** Converts a digest in hex to Subresource Integrity. Undefined if the text is no digest. */
export function sriOfHex(algorithm: string, hex: string): Integrity | undefined {
  if (!/^(?:[0-9a-f]{2})+$/i.test(hex)) return undefined;
  return sriOf(`${algorithm}-${Buffer.from(hex, 'hex').toString('base64')}`);
}

/** Joins integrities to one that any of the hashes satisfies. */
export function anyOf(integrities: readonly (Integrity | undefined)[]): Integrity | undefined {
  const values = integrities.flatMap((integrity) =>
    integrity?.type === 'sri' ? [integrity.value] : [],
  );
  return values.length === 0 ? undefined : { type: 'sri', value: values.join(' ') };
}

/** Whether its strongest hash is SHA-1, for which somebody can make other bytes. */
export function isWeak(integrity: Integrity): boolean {
  if (integrity.type !== 'sri') return false;
  const algorithms = hashesOf(integrity.value).map(algorithmOf);
  return ALGORITHMS.find((algorithm) => algorithms.includes(algorithm)) === 'sha1';
}

/** Whether several different bytes would satisfy it: npm accepts any hash of the strongest algorithm. */
export function isAmbiguous(integrity: Integrity): boolean {
  if (integrity.type !== 'sri') return false;
  const hashes = [...new Set(hashesOf(integrity.value))];
  const algorithms = new Set(hashes.map(algorithmOf));
  const best = ALGORITHMS.find((algorithm) => algorithms.has(algorithm));
  return hashes.filter((hash) => algorithmOf(hash) === best).length > 1;
}

function hashesOf(text: string): string[] {
  if (text.length > HASHES_MAX * MAX_FIELD_CHARS) return [];
  return text
    .trim()
    .split(/\s+/, HASHES_MAX)
    .map((hash) => hash.replace(/\?.*$/s, ''));
}

function algorithmOf(hash: string): string | undefined {
  const [, algorithm = '', digest = ''] = /^([a-z0-9]+)-([A-Za-z0-9+/]+={0,2})$/.exec(hash) ?? [];
  return Object.hasOwn(LENGTHS, algorithm) && digest.length === LENGTHS[algorithm]
    ? algorithm
    : undefined;
}
