/* Reads a registry's document about a package, and rewrites its tarball addresses to the gateway's. */
import { isRecord } from '@tarwarden/core/metadata';
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

/** The most characters of an address or integrity that are remembered. */
const ADDRESS_MAX = 4096;
const INTEGRITY_MAX = 2048;

type Fields = Record<string, unknown>;

/** A document without its malformed parts, which no client can install. */
export function packumentIn(document: object): Packument {
  const packument = document as Fields;
  const versions = (isRecord(packument['versions']) ? packument['versions'] : {}) as Fields;
  for (const [version, manifest] of Object.entries(versions))
    if (!isManifest(manifest) || !isVersion(version)) delete versions[version];
  packument['versions'] = versions;
  if (!isRecord(packument['dist-tags'])) packument['dist-tags'] = {};
  if (!isRecord(packument['time'])) delete packument['time'];
  return document as Packument;
}

/** Whether a value can be the manifest of a version. */
export function isManifest(value: unknown): value is VersionManifest {
  return isRecord(value) && (value['dist'] === undefined || isRecord(value['dist']));
}

export interface RewriteOptions {
  readonly name: string;
  /** The gateway's address, without a slash at its end. */
  readonly publicUrl: string;
}

/** The versions by file name: the conventional names, and the last segments of other addresses. */
export function packumentEntries(packument: Packument, name: string): Map<string, VersionEntry> {
  const byFile = new Map<string, VersionEntry>();
  const entries: VersionEntry[] = [];
  for (const [version, manifest] of Object.entries(packument.versions)) {
    const entry = entryOf(manifest, name, version);
    if (entry === undefined) continue;
    entries.push(entry);
    byFile.set(fileNameOf(name, version), entry);
  }
  // A version's address must not take the file name of another version.
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

/** A longer text has more hashes than are checked, so it is not compared. */
function isIntegrity(value: unknown): value is string {
  return typeof value === 'string' && value.length <= INTEGRITY_MAX;
}

/** The decoded last segment of an address. */
export function lastSegment(address: string): string | undefined {
  try {
    return decodeURIComponent(new URL(address).pathname.split('/').at(-1)!);
  } catch {
    return undefined;
  }
}

/** Changes all tarball addresses to the gateway's. Integrities stay. */
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
  // npm 10 and 11 fetch from any address in a package's own lockfile; npm 12 does not read it.
  if (manifest['_hasShrinkwrap'] !== undefined) manifest['_hasShrinkwrap'] = false;
  // A copy of the manifest could treat its fields as its own.
  delete manifest['__proto__'];
  // Added even if the registry names no tarball: otherwise npm 10 fetches from an address that the publisher can choose.
  manifest.dist ??= {};
  manifest.dist.tarball = `${publicUrl}/${name}/-/${encodeURIComponent(fileNameOf(name, version))}`;
}

/** Removes versions, and points their tags to the newest remaining version by time. Returns the number of remaining versions. */
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

/** The newest by time or, without times, the last one listed. Prereleases count only if there is nothing else. */
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
