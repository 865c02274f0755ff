/*
 * The values that pnpm 10, 11 and 12 give a pnpmfile, with the fields that this hook uses. The fields are taken from pnpm's own types, so
 * that a renamed field is a type error here. Each may be missing, because a lockfile is the repository's and the versions differ.
 */
import type {
  Fetchers as PnpmFetchers,
  FetchOptions as PnpmFetchOptions,
  FetchResult as PnpmFetchResult,
} from '@pnpm/fetching.fetcher-base';
import type { PreResolutionHookContext } from '@pnpm/hooks.types';
import type {
  LockfileFile,
  LockfilePackageInfo,
  LockfilePackageSnapshot,
  ProjectSnapshot,
} from '@pnpm/lockfile.types';
import type {
  CustomResolution,
  Resolution as AnyPnpmResolution,
  WantedDependency as PnpmWantedDependency,
} from '@pnpm/resolving.resolver-base';
import type { PackageManifest } from '@pnpm/types';

type KeyOf<Union> = Union extends unknown ? keyof Union : never;
type ValueOf<Union, Key> = Union extends unknown
  ? Key extends keyof Union
    ? Union[Key]
    : never
  : never;

/** Some fields of a type of pnpm or of a union. Each may be missing. */
type Some<Union, Keys extends KeyOf<Union>> = {
  readonly [Key in Keys]?: Exclude<ValueOf<Union, Key>, undefined>;
};

/** The argument of `updateConfig`: one flat object with keys that differ by version. pnpm's type has the names of one version. */
export type PnpmConfig = Record<string, unknown>;

/** Without the custom resolutions of pnpm 11 and 12, which only a pnpmfile's own fetchers know. */
type KnownResolution = Exclude<AnyPnpmResolution, CustomResolution>;

/** The source of a package's bytes, in lockfiles and fetchers. */
export interface PnpmResolution extends Some<
  KnownResolution,
  // `path`: the package's folder in a repository. `directory`: beside the lockfile. `url`: of a runtime.
  | 'tarball'
  | 'integrity'
  | 'gitHosted'
  | 'repo'
  | 'commit'
  | 'path'
  | 'directory'
  | 'url'
  | 'prefix'
> {
  /** A repository may write any text here. */
  readonly type?: string;
  readonly bin?: unknown;
  /** For the type `variations`: a resolution for each platform. */
  readonly variants?: readonly { readonly resolution?: PnpmResolution }[];
}

/** The same fields as in a type of pnpm, with values that may be anything. */
type Fields<Type, Keys extends keyof Type, Value> = { readonly [Key in Keys]?: Value };

/** The dependencies of a package or project, by alias: a version or a key. Projects in pnpm 12's lockfile have an object with one. */
export type LockfileEdges = Fields<
  ProjectSnapshot,
  'dependencies' | 'devDependencies' | 'optionalDependencies',
  Readonly<Record<string, unknown>>
> &
  // The lockfile's own claim, which may be false.
  Fields<LockfilePackageSnapshot, 'optional', boolean>;

export interface LockfilePackage
  extends LockfileEdges, Some<LockfilePackageInfo, 'name' | 'version' | 'os' | 'cpu' | 'libc'> {
  readonly resolution?: PnpmResolution;
}

/** Projects of the workspace, packages, and `snapshots`, which only pnpm 12 separates: pnpm 10 and 11 merge them into `packages`. */
export type PnpmLockfile = Fields<
  LockfileFile,
  'importers' | 'snapshots',
  Readonly<Record<string, LockfileEdges>>
> &
  Fields<LockfileFile, 'overrides', Readonly<Record<string, unknown>>> &
  Fields<LockfileFile, 'packages', Readonly<Record<string, LockfilePackage>>>;

export interface ResolutionContext extends Some<
  PreResolutionHookContext,
  'existsCurrentLockfile' | 'lockfileDir' | 'storeDir'
> {
  readonly wantedLockfile?: PnpmLockfile;
  readonly registries?: Readonly<Record<string, string>>;
}

export interface PnpmManifest extends Some<
  PackageManifest,
  | 'name'
  | 'version'
  | 'dependencies'
  | 'devDependencies'
  | 'peerDependencies'
  | 'optionalDependencies'
  | 'bundleDependencies'
  | 'bundledDependencies'
  | 'os'
  | 'cpu'
  | 'libc'
> {
  /** Only short documents of a registry have this. */
  readonly hasInstallScript?: unknown;
  /** Only a manifest from a registry has this. pnpm's type for manifests does not have it. */
  readonly dist?: {
    readonly tarball?: string;
    readonly integrity?: string;
    readonly shasum?: string;
  };
}

export type FetchOptions = Some<
  PnpmFetchOptions,
  'lockfileDir' | 'pkg' | 'pkgResolutionId' | 'filesIndexFile'
>;

/** The guard changes only this field. */
export type FetchResult = Some<PnpmFetchResult, 'local'>;

/** One of pnpm's own fetchers. The first argument is pnpm's content-addressed store, which the guard only passes on. */
export type PnpmFetcher = (
  cafs: unknown,
  resolution: PnpmResolution,
  options: FetchOptions,
) => Promise<FetchResult>;

export type BuiltInFetchers = Required<
  Fields<PnpmFetchers, 'localTarball' | 'remoteTarball' | 'gitHostedTarball' | 'git', PnpmFetcher>
>;

export type WantedDependency = Some<PnpmWantedDependency, 'alias' | 'bareSpecifier'>;
