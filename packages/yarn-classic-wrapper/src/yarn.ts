/* The fields of Yarn's own objects that the guard uses. */
import { yarnClassicClaim } from '@tarwarden/core/metadata';
import type { Claim } from '@tarwarden/core/policy';

export interface YarnRemote {
  readonly type?: unknown;
  readonly integrity?: unknown;
  readonly hash?: unknown;
  readonly reference?: unknown;
}

export interface YarnConfig {
  readonly cwd?: unknown;
  readonly lockfileFolder?: unknown;
  readonly globalFolder?: unknown;
  readonly commandName?: unknown;
  readonly cacheFolder?: unknown;
  readonly updateChecksums?: unknown;
}

/** A fetcher: it puts one package into a folder of the cache. */
export interface YarnFetcher {
  readonly dest: string;
  readonly reference?: unknown;
  readonly remote?: YarnRemote;
  readonly config: YarnConfig;
  readonly packageName?: unknown;
  /** Set after all bytes of a tarball have come, if it does not have the promised integrity. */
  readonly validateError?: unknown;
}

/** A package that Yarn has resolved to one version. */
export interface PackageReference {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly remote?: YarnRemote;
  /** Patterns, `name@range`, of the dependencies in the registry's document or in yarn.lock. */
  readonly dependencies?: readonly unknown[];
  readonly requests?: readonly { readonly pattern?: unknown }[];
}

/** A manifest with the fields that Yarn adds to it. */
export interface ResolvedManifest {
  readonly _remote?: YarnRemote;
}

export interface TarFs {
  extract(folder: string, options: object): NodeJS.WritableStream;
}

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

export function isBroken({ validateError, config }: YarnFetcher): boolean {
  return validateError !== null && validateError !== undefined && config.updateChecksums !== true;
}

/** The package that Yarn puts into one folder of its cache. */
export interface CacheRequest {
  /** The identity that a registry promised. Absent for git, files and URLs. */
  readonly expected?: { readonly name: string; readonly version: string };
  /** Yarn's name for the package. Escape it before printing. */
  readonly label: string | undefined;
  readonly remote: YarnRemote;
  /** The words of the registry or of yarn.lock. */
  readonly claims?: readonly Claim[];
}

/** Yarn's requests, by the folder of its cache for the package. */
export class CacheRequests {
  readonly #byFolder = new Map<string, CacheRequest>();

  note(reference: PackageReference, folder: string): void {
    const { requests = [], remote = {}, dependencies = [] } = reference;
    const name = text(reference.name);
    const version = text(reference.version);
    const promised = requests.flatMap(({ pattern }) => promisedName(text(pattern) ?? '') ?? []);
    const [firstName] = promised;
    const expected =
      firstName === undefined || version === undefined ? undefined : { name: firstName, version };
    const called = firstName ?? name;
    const label = called === undefined || version === undefined ? called : `${called}@${version}`;
    const claims = [yarnClassicClaim(dependencies.flatMap((pattern) => text(pattern) ?? []))];
    this.#byFolder.set(folder, { label, remote, ...(expected && { expected, claims }) });
  }

  forFolder(folder: string): CacheRequest | undefined {
    return this.#byFolder.get(folder);
  }
}

/**
 * The name of the registry's package in a pattern, `name@range`; undefined for other sources. A range or a tag has neither colon nor
 * slash. An alias contains the real pattern.
 */
function promisedName(pattern: string): string | undefined {
  const at = pattern.indexOf('@', 1);
  const name = at < 0 ? pattern : pattern.slice(0, at);
  const range = at < 0 ? '' : pattern.slice(at + 1);
  if (range.startsWith('npm:')) return promisedName(range.slice('npm:'.length));
  return /[:/]/.test(range) || name === '' || /[:\\]|^[^@].*\//.test(name) ? undefined : name;
}
