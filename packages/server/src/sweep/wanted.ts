/* Reads the archives that a registry's document names. The registry and the publisher wrote it, so nothing in it is trusted. */
import { isRecord } from '@tarwarden/core/metadata';
import { printable } from '@tarwarden/core/text';

/** An archive to be inspected. */
export interface SweptArchive {
  /** Printable. */
  readonly item: string;
  /** The identity that it is inspected against; absent if it is unknown. */
  readonly expected?: { readonly name: string; readonly version: string };
  /** An address, or the path of a file. */
  readonly at: { readonly address: string } | { readonly file: string };
  readonly integrity?: string | undefined;
  readonly published: string | null;
  readonly packer: string;
}

/** A document of a registry, or of verdaccio's storage. */
export interface SweptPackument {
  readonly versions?: unknown;
  readonly time?: unknown;
}

/** The most versions of one package. The largest public package has some ten thousand. */
export const VERSIONS_MAX = 100_000;

/** A package's versions. Versions without a tarball address go to `without`. `more`: the number of versions above the limit. */
export function wantedIn(
  { versions, time }: SweptPackument,
  name: string,
): { readonly wanted: SweptArchive[]; readonly without: string[]; readonly more: number } {
  const wanted: SweptArchive[] = [];
  const without: string[] = [];
  const times = isRecord(time) ? time : {};
  const all = Object.entries(isRecord(versions) ? versions : {});
  for (const [version, manifest] of all.slice(0, VERSIONS_MAX)) {
    const item = printable(`${name}@${version}`, 500);
    const dist = isRecord(manifest) ? manifest['dist'] : undefined;
    const address = isRecord(dist) ? dist['tarball'] : undefined;
    if (typeof address !== 'string' || !URL.canParse(address)) {
      without.push(item);
      continue;
    }
    wanted.push({
      item,
      expected: { name, version },
      at: { address },
      integrity: integrityIn(dist as Record<string, unknown>),
      published: dateIn(times[version]),
      packer: packerIn((manifest as Record<string, unknown>)['_npmVersion']),
    });
  }
  return { wanted, without, more: Math.max(all.length - VERSIONS_MAX, 0) };
}

function integrityIn({ integrity, shasum }: Record<string, unknown>): string | undefined {
  if (typeof integrity === 'string' && integrity !== '') return integrity;
  if (typeof shasum !== 'string' || !/^[0-9a-f]{40}$/i.test(shasum)) return undefined;
  return `sha1-${Buffer.from(shasum, 'hex').toString('base64')}`;
}

/** Years that databases and people can handle. */
function dateIn(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const date = new Date(value);
  const year = date.getUTCFullYear();
  return Number.isNaN(year) || year < 2000 || year > 9000 ? null : date.toISOString();
}

/** `10.9.2`, `lerna/8.1.9/node@v20…`: the program and its major version. */
function packerIn(value: unknown): string {
  const [, program = 'npm', major] =
    /^(?:([a-z][a-z-]{0,20})\/)?v?(\d{1,4})\./i.exec(typeof value === 'string' ? value : '') ?? [];
  return major === undefined ? 'unknown' : `${program.toLowerCase()} ${major}`;
}
