/* What pnpm 10, 11 and 12 hand to a pnpmfile, as far as this hook looks at it. Everything comes from outside. */

/** `updateConfig`: one flat object, its keys differing by version. */
export type PnpmConfig = Record<string, unknown>;

/** Where a package's bytes come from, as lockfiles and fetchers say it. */
export interface Resolution {
  readonly type?: string;
  readonly tarball?: string;
  readonly integrity?: string;
  /** A tarball that a git host makes of a commit. */
  readonly gitHosted?: boolean;
  readonly repo?: string;
  readonly commit?: string;
  /** Folder of the package in a git repository. */
  readonly path?: string;
  /** Of type `directory`: beside the lockfile. */
  readonly directory?: string;
  /** Of type `binary`: an archive that is a runtime. */
  readonly url?: string;
  readonly bin?: unknown;
  readonly prefix?: string;
  /** Of type `variations`: one for each platform. */
  readonly variants?: readonly { readonly resolution?: Resolution }[];
}

/** Who depends on what: by alias, a version or a key; in a project of pnpm 12's lockfile, an object with one. */
export interface LockfileEdges {
  readonly dependencies?: Readonly<Record<string, unknown>>;
  readonly devDependencies?: Readonly<Record<string, unknown>>;
  readonly optionalDependencies?: Readonly<Record<string, unknown>>;
  /** What the lockfile says of itself. */
  readonly optional?: boolean;
}

export interface LockfilePackage extends LockfileEdges {
  readonly resolution?: Resolution;
  readonly name?: string;
  readonly version?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

export interface Lockfile {
  /** The projects of the workspace. */
  readonly importers?: Readonly<Record<string, LockfileEdges>>;
  readonly packages?: Readonly<Record<string, LockfilePackage>>;
  /** pnpm 12 alone shows these apart; 10 and 11 merge them into `packages`. */
  readonly snapshots?: Readonly<Record<string, LockfileEdges>>;
}

export interface ResolutionContext {
  readonly wantedLockfile?: Lockfile;
  readonly existsCurrentLockfile?: boolean;
  readonly lockfileDir?: string;
  readonly storeDir?: string;
  readonly registries?: Readonly<Record<string, string>>;
}

export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dist?: {
    readonly tarball?: string;
    readonly integrity?: string;
    readonly shasum?: string;
  };
}

export interface FetchOptions {
  readonly lockfileDir?: string;
  readonly pkg?: { readonly name?: string; readonly version?: string };
  readonly pkgResolutionId?: string;
  readonly filesIndexFile?: string;
}

export type FetchResult = Record<string, unknown>;

/** One of pnpm's own fetchers. The first argument is its content-addressed store, handed on unread. */
export type Fetcher = (
  cafs: unknown,
  resolution: Resolution,
  options: FetchOptions,
) => Promise<FetchResult>;

export interface BuiltInFetchers {
  readonly localTarball: Fetcher;
  readonly remoteTarball: Fetcher;
  readonly gitHostedTarball: Fetcher;
  readonly git: Fetcher;
}

export interface WantedDependency {
  readonly alias?: string;
  readonly bareSpecifier?: string;
}
