/* The fields of Yarn's own objects that the guard uses. */

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
