/** A package as a registry knows it. Both parts are compared whole, byte for byte. */
export interface PackageIdentity {
  readonly name: string;
  readonly version: string;
}

/** `name@version` of any ecosystem: a name of npm may have a scope, one of Go is a path. No other `@`, and no white space. */
export const ANY_IDENTITY: RegExp = /^@?[^\s/@]+(?:\/[^\s/@]+)*@[^\s/@]+$/;

/** `name@version` of npm; the name may have a scope, and neither holds white space, `/` or `@` otherwise. */
export const PACKAGE_IDENTITY: RegExp = /^(?:@[^\s/@]+\/)?[^\s/@]+@[^\s/@]+$/;

/** What `name@version` says; undefined for anything else, as a range with a path or a name without a version. */
export function parseIdentity(text: string): PackageIdentity | undefined {
  if (!PACKAGE_IDENTITY.test(text)) return undefined;
  const at = text.lastIndexOf('@');
  return { name: text.slice(0, at), version: text.slice(at + 1) };
}

/** `name@version`; undefined where one of them is not known. */
export function formatIdentity(
  name: string | undefined,
  version: string | undefined,
): string | undefined {
  return name === undefined || version === undefined ? undefined : `${name}@${version}`;
}
