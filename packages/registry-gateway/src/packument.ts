/* A registry's document about a package: what it says of tarballs, and the same with addresses of the gateway. */
import { fileNameOf } from './paths.ts';
import type { VersionEntry } from './package-index.ts';

export interface Manifest {
  readonly version?: unknown;
  dist?: Record<string, unknown> & { tarball?: unknown; integrity?: unknown };
}

export interface Packument {
  versions?: Record<string, Manifest>;
  'dist-tags'?: Record<string, string>;
  time?: Record<string, unknown>;
}

export interface RewriteOptions {
  readonly name: string;
  /** Of the gateway, without a slash at its end. */
  readonly publicUrl: string;
}

/** What may be asked for by which file name: the conventional one first, then the last segment of the address. */
export function entriesOf(
  packument: Packument,
  name: string,
): (readonly [file: string, entry: VersionEntry])[] {
  const manifests = Object.entries(packument.versions ?? {});
  return manifests.flatMap(([version, manifest]) => {
    const entry = entryOf(manifest, name, version);
    if (entry === undefined) return [];
    const own = lastSegment(entry.tarball);
    const file = fileNameOf(name, version);
    return own === undefined || own === file
      ? [[file, entry] as const]
      : [[file, entry] as const, [own, entry] as const];
  });
}

function entryOf({ dist }: Manifest, name: string, version: string): VersionEntry | undefined {
  const { tarball, integrity } = dist ?? {};
  if (typeof tarball !== 'string' || !URL.canParse(tarball)) return undefined;
  return { name, version, tarball, ...(typeof integrity === 'string' && { integrity }) };
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
  for (const [version, manifest] of Object.entries(packument.versions ?? {}))
    rewriteManifest(manifest, version, options);
}

export function rewriteManifest(
  manifest: Manifest,
  version: string,
  { name, publicUrl }: RewriteOptions,
): void {
  if (manifest.dist === undefined) return;
  const file = encodeURIComponent(fileNameOf(name, version));
  manifest.dist.tarball = `${publicUrl}/${name}/-/${file}`;
}

/**
 * Takes versions out, and has tags that point to one of them point to the newest other version by time. Answers how many are left.
 */
export function withoutVersions(
  packument: Packument,
  isRefused: (version: string) => boolean,
): number {
  const versions = packument.versions ?? {};
  const refused = Object.keys(versions).filter(isRefused);
  for (const version of refused) {
    delete versions[version];
    delete packument.time?.[version];
  }
  const left = Object.keys(versions);
  const tags = packument['dist-tags'] ?? {};
  for (const [tag, version] of Object.entries(tags)) {
    if (!refused.includes(version)) continue;
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
  const at = (version: string): string => String(time[version] ?? '');
  return all.reduce<string | undefined>(
    (best, one) => (best === undefined || at(one) >= at(best) ? one : best),
    undefined,
  );
}
