/* A registry's document about a package: what it says of tarballs, and the same with addresses of the gateway. */
import { fileNameOf, isVersion } from './paths.ts';
import type { VersionEntry } from './package-index.ts';

export interface VersionManifest {
  [field: string]: unknown;
  name?: unknown;
  version?: unknown;
  dist?: Record<string, unknown> & { tarball?: unknown; integrity?: unknown };
}

export interface Packument {
  versions: Record<string, VersionManifest>;
  'dist-tags': Record<string, unknown>;
  time: Record<string, unknown> | undefined;
}

/** Characters that are remembered of a version. */
const ADDRESS_MAX = 4096;
const INTEGRITY_MAX = 2048;

type Fields = Record<string, unknown>;

/** A document as it is read, with what is malformed left out: no client can install that. */
export function packumentIn(document: object): Packument {
  const packument = document as Fields;
  const versions = isFields(packument['versions']) ? packument['versions'] : {};
  for (const [version, manifest] of Object.entries(versions))
    if (!isManifest(manifest) || !isVersion(version)) delete versions[version];
  packument['versions'] = versions;
  if (!isFields(packument['dist-tags'])) packument['dist-tags'] = {};
  if (!isFields(packument['time'])) delete packument['time'];
  return document as Packument;
}

/** Whether something can be read as what a version says of itself. */
export function isManifest(value: unknown): value is VersionManifest {
  return isFields(value) && (value['dist'] === undefined || isFields(value['dist']));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface RewriteOptions {
  readonly name: string;
  /** The gateway's address, without a slash at its end; undefined if the registry writes it into its documents itself. */
  readonly publicUrl: string | undefined;
}

/**
 * The versions by the file names that clients may ask for: the conventional names, and the last segments of other addresses.
 * @param tarballsAt Where the registry has each of them under the last segment of its address, whatever else the address is.
 */
export function packumentEntries(
  packument: Packument,
  name: string,
  tarballsAt?: string,
): Map<string, VersionEntry> {
  const byFile = new Map<string, VersionEntry>();
  const entries: VersionEntry[] = [];
  for (const [version, manifest] of Object.entries(packument.versions)) {
    const found = entryOf(manifest, name, version);
    if (found === undefined) continue;
    const entry =
      tarballsAt === undefined
        ? found
        : { ...found, tarball: tarballsAt + new URL(found.tarball).pathname.split('/').at(-1)! };
    entries.push(entry);
    byFile.set(fileNameOf(name, version), entry);
  }
  // No version takes the name of another by its address.
  for (const entry of entries) {
    const own = lastSegment(entry.tarball);
    if (own !== undefined && !byFile.has(own)) byFile.set(own, entry);
  }
  return byFile;
}

function entryOf(
  { dist }: VersionManifest,
  name: string,
  version: string,
): VersionEntry | undefined {
  const { tarball, integrity } = dist ?? {};
  if (typeof tarball !== 'string' || tarball.length > ADDRESS_MAX) return undefined;
  if (!URL.canParse(tarball)) return undefined;
  return { name, version, tarball, ...(isIntegrity(integrity) && { integrity }) };
}

/** A longer one has more hashes than are looked at, and is not compared with. */
function isIntegrity(value: unknown): value is string {
  return typeof value === 'string' && value.length <= INTEGRITY_MAX;
}

function lastSegment(address: string): string | undefined {
  try {
    return decodeURIComponent(new URL(address).pathname.split('/').at(-1)!);
  } catch {
    return undefined;
  }
}

/** Has every version fetched from the gateway. Integrities stay. */
export function rewritePackument(packument: Packument, options: RewriteOptions): void {
  for (const [version, manifest] of Object.entries(packument.versions))
    rewriteManifest(manifest, version, options);
}

export function rewriteManifest(
  manifest: VersionManifest,
  version: string,
  { name, publicUrl }: RewriteOptions,
): void {
  delete manifest['_resolved'];
  // npm 10 and 11 fetch from whatever addresses a package's own lockfile has; npm 12 reads none.
  if (manifest['_hasShrinkwrap'] !== undefined) manifest['_hasShrinkwrap'] = false;
  // A copy of the manifest may have what is in there as if it were its own.
  delete manifest['__proto__'];
  // Also where the registry names no place: npm 10 then fetches from an address that a publisher can have written elsewhere.
  manifest.dist ??= {};
  const base = publicUrl ?? baseOf(manifest.dist.tarball, name);
  const file = encodeURIComponent(fileNameOf(name, version));
  // The tarball is at a host that is not allowed, so the document does not name it.
  if (base === undefined) delete manifest.dist.tarball;
  else manifest.dist.tarball = `${base}/${name}/-/${file}`;
}

/** The path in front of a package's name in the address of its tarball. */
function baseOf(tarball: unknown, name: string): string | undefined {
  if (typeof tarball !== 'string') return undefined;
  const [, base, path] =
    /^(https?:\/\/[^?#]*?)\/((?:@[^/]+(?:\/|%2f))?[^/?#]+)\/-\/[^/?#]+$/i.exec(tarball) ?? [];
  return path?.replace(/%2f/i, '/') === name ? base : undefined;
}

/**
 * Takes versions out, and has tags that point to one of them point to the newest other version by time. Answers how many are left.
 */
export function withoutVersions(
  packument: Packument,
  isRefused: (version: string) => boolean,
): number {
  const { versions } = packument;
  const refused = Object.keys(versions).filter(isRefused);
  for (const version of refused) {
    delete versions[version];
    delete packument.time?.[version];
  }
  const left = Object.keys(versions);
  const tags = packument['dist-tags'];
  for (const [tag, version] of Object.entries(tags)) {
    if (!refused.includes(String(version))) continue;
    const next = newest(left, packument.time);
    if (next === undefined || tag !== 'latest') delete tags[tag];
    else tags[tag] = next;
  }
  return left.length;
}

/** By time where the document has times, else the last that it lists; versions to be tried out only where there are no others. */
function newest(versions: readonly string[], time: Packument['time']): string | undefined {
  const stable = versions.filter((version) => !version.includes('-'));
  const all = stable.length > 0 ? stable : versions;
  if (time === undefined) return all.at(-1);
  const at = (version: string): string => {
    const said = time[version];
    return typeof said === 'string' ? said : '';
  };
  return all.reduce<string | undefined>(
    (best, version) => (best === undefined || at(version) >= at(best) ? version : best),
    undefined,
  );
}
