import type { Ecosystem } from '../finding/format.ts';
import { isSamePypiName, isSamePypiVersion } from '../metadata/pypi/identity.ts';

/** A package as a registry knows it. Both parts are compared whole, byte for byte. */
export interface PackageIdentity {
  readonly name: string;
  readonly version: string;
}

/** `name@version` of any ecosystem. An npm name may have a scope; a Go name is a path. No other `@` and no white space. */
export const ANY_IDENTITY: RegExp = /^@?[^\s/@]+(?:\/[^\s/@]+)*@[^\s/@]+$/;

/** `name@version` of npm. The name may have a scope. No other `/` or `@` and no white space. */
export const PACKAGE_IDENTITY: RegExp = /^(?:@[^\s/@]+\/)?[^\s/@]+@[^\s/@]+$/;

/** `name@version` in each ecosystem. {@link ANY_IDENTITY} matches all of them. */
const IDENTITIES: Readonly<Record<Ecosystem, RegExp>> = {
  npm: PACKAGE_IDENTITY,
  pypi: /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?@[^\s/@=]+$/i,
  rubygems: /^[\w.-]+@[^\s/@]+$/,
  go: /^[\w-]*\.[\w.~-]*(?:\/[\w.~!-]+)*@v[^\s/@]+$/,
};

/**
 * Reads `name@version`, for Python also `name==version`. Undefined for anything else, for instance a range, or a name without a
 * version.
 */
export function parseIdentity(text: string, ecosystem: Ecosystem): PackageIdentity | undefined {
  const plain = ecosystem === 'pypi' ? text.replace(/^([^@=]+)==/, '$1@') : text;
  if (!IDENTITIES[ecosystem].test(plain)) return undefined;
  const at = plain.lastIndexOf('@');
  return { name: plain.slice(0, at), version: plain.slice(at + 1) };
}

/** `name@version`. Undefined if the name or the version is unknown. */
export function formatIdentity(
  name: string | undefined,
  version: string | undefined,
): string | undefined {
  return name === undefined || version === undefined ? undefined : `${name}@${version}`;
}

/**
 * Whether two texts name one package. Both are compared byte for byte, except for Python: pip treats `Flask@1.0.0` and `flask@1.0`
 * as the same package, and its guard receives the spelling of the request.
 */
export function isSamePackage(left: string, right: string, ecosystem: Ecosystem): boolean {
  if (left === right) return true;
  if (ecosystem !== 'pypi') return false;
  const [first, second] = [parseIdentity(left, ecosystem), parseIdentity(right, ecosystem)];
  if (first === undefined || second === undefined) return false;
  return (
    isSamePypiName(first.name, second.name) && isSamePypiVersion(first.version, second.version)
  );
}
