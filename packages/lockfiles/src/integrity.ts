/* Integrities of lockfiles, in one form. */
import { MAX_FIELD_CHARS } from './limits.ts';
import type { Integrity } from './lockfile.ts';

/** Characters of base64 that a digest has, with its padding. */
const LENGTHS: Readonly<Record<string, number>> = { sha512: 88, sha384: 64, sha256: 44, sha1: 28 };

/** From the strongest on. */
const ALGORITHMS = ['sha512', 'sha384', 'sha256', 'sha1'] as const;

/** Hashes that are looked at in one text; real ones hold one or two, those of a wheel's builds some dozens. */
const HASHES_MAX = 4096;

/** A Subresource Integrity text; undefined where no hash in it can be checked. */
export function sriOf(text: string): Integrity | undefined {
  const known = hashesOf(text).filter((hash) => algorithmOf(hash) !== undefined);
  return known.length === 0 ? undefined : { type: 'sri', value: known.join(' ') };
}

/** A digest in hex, as Subresource Integrity; undefined where it is not one. */
export function sriOfHex(algorithm: string, hex: string): Integrity | undefined {
  if (!/^(?:[0-9a-f]{2})+$/i.test(hex)) return undefined;
  return sriOf(`${algorithm}-${Buffer.from(hex, 'hex').toString('base64')}`);
}

/** Integrities of which any may be right, as one. */
export function anyOf(all: readonly (Integrity | undefined)[]): Integrity | undefined {
  const values = all.flatMap((integrity) => (integrity?.type === 'sri' ? [integrity.value] : []));
  return values.length === 0 ? undefined : { type: 'sri', value: values.join(' ') };
}

/** Whether the best that it holds is SHA-1, for which collisions can be made. */
export function isWeak(integrity: Integrity): boolean {
  if (integrity.type !== 'sri') return false;
  const found = hashesOf(integrity.value).map(algorithmOf);
  return ALGORITHMS.find((algorithm) => found.includes(algorithm)) === 'sha1';
}

/** Whether several bytes would be right: npm takes any of the hashes of the strongest algorithm. */
export function isAmbiguous(integrity: Integrity): boolean {
  if (integrity.type !== 'sri') return false;
  const hashes = [...new Set(hashesOf(integrity.value))];
  const best = ALGORITHMS.find((algorithm) =>
    hashes.some((hash) => algorithmOf(hash) === algorithm),
  );
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
