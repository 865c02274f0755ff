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
  readonly modulesFolder?: unknown;
  readonly updateChecksums?: unknown;
  readonly pruneOfflineMirror?: unknown;
  /** Settings as they hold, and those of the user's own .yarnrc. */
  readonly registries?: {
    readonly yarn?: {
      readonly config?: Readonly<Record<string, unknown>>;
      readonly homeConfig?: Readonly<Record<string, unknown>>;
    };
  };
  getOfflineMirrorPath?(): unknown;
}

/** A fetcher: it puts one package into a folder of the cache. */
export interface YarnFetcher {
  readonly dest: string;
  readonly reference?: unknown;
  readonly remote?: YarnRemote;
  readonly config: YarnConfig;
  readonly packageName?: unknown;
  /** Set for a tarball that does not have the promised integrity, once all its bytes have come. */
  readonly validateError?: unknown;
}

/** A package that Yarn has resolved to one version. */
export interface PackageReference {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly remote?: YarnRemote;
  readonly requests?: readonly { readonly pattern?: unknown }[];
}

/** A manifest with what Yarn knows of it. */
export interface ResolvedManifest {
  readonly _remote?: YarnRemote;
}

/** A package that is about to be linked. */
export interface Linked {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly _reference?: {
    /** Has the scripts of the package run. */
    setFresh(fresh: boolean): void;
  };
}

export interface TarFs {
  extract(folder: string, options: object): NodeJS.WritableStream;
}

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

export function isBroken({ validateError, config }: YarnFetcher): boolean {
  return validateError !== null && validateError !== undefined && config.updateChecksums !== true;
}
