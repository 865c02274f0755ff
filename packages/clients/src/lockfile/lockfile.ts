/* The content of a lockfile of any manager. All texts are as the file has them, and may be hostile. */
import type { Ecosystem } from '@tarwarden/core';
import type { NpmClaim } from '@tarwarden/core/metadata';

export type LockfileKind =
  | 'package-lock'
  | 'npm-shrinkwrap'
  | 'pnpm-lock'
  | 'yarn-classic'
  | 'yarn-berry'
  | 'bun'
  | 'requirements'
  | 'pylock'
  | 'gemfile-lock'
  | 'go-sum';

export interface Lockfile {
  readonly kind: LockfileKind;
  /** The version of the format, as the file spells it. Empty if there is none. */
  readonly version: string;
  readonly packages: readonly LockedPackage[];
  /** The packages for the requests of the project itself. In a Yarn lockfile, for all requests. */
  readonly resolutions: readonly LockedResolution[];
  /** The folders of the project's packages, relative to the lockfile. Its own folder is an empty text. */
  readonly importers: readonly string[];
  /** Parts that could not be read, so that packages may be missing. */
  readonly problems: readonly LockfileProblem[];
  /** The package indexes in a requirements file. Absent if it has none. */
  readonly indexes?: readonly LockedIndex[];
}

/** A package index that a lockfile names. */
export interface LockedIndex {
  readonly url: string;
  /** It is asked in addition to the others, and does not replace them. */
  readonly extra: boolean;
}

export interface LockfileProblem {
  /** From 1. */
  readonly line: number;
  /** One line in English. Quoted parts of the file are escaped. */
  readonly message: string;
}

/** The package for a requested name. */
export interface LockedResolution {
  /** The folder of the package of the project that asks. Absent in Yarn's lockfiles, where all get the same package. */
  readonly importer?: string;
  /** The requested name: that of the package, or an alias. */
  readonly name: string;
  /** The requested range. Absent if the lockfile does not have it. */
  readonly range?: string;
  /** The line of the lockfile, from 1. */
  readonly line: number;
  /** One of the packages of the lockfile. */
  readonly to: LockedPackage;
}

export interface LockedPackage {
  readonly ecosystem: Ecosystem;
  /** The package's own name, even if it is installed under another one. Empty if the lockfile does not have it. */
  readonly name: string;
  /** Empty if the lockfile does not have it, as for some URLs. */
  readonly version: string;
  readonly source: PackageSource;
  readonly integrity?: Integrity;
  /** The line of its entry, from 1. */
  readonly line: number;
  /** The key of the entry, as the lockfile spells it. */
  readonly key: string;
  /** Its archive has a npm-shrinkwrap.json. npm 11 and older install the packages in that, whatever the lockfile has. */
  readonly hasShrinkwrap?: true;
  /** The folders in its archive (`node_modules/x`) that contain other packages, according to the lockfile. */
  readonly brings?: readonly string[];
  /** It is for some platforms only. Yarn writes no checksum for packages of other platforms than its own. */
  readonly conditional?: true;
  /** For gems only: the client may install another archive of this version, for another platform, which is not in the lockfile. */
  readonly anyPlatform?: true;
  /** For gems only: names and versions of the gems that it needs at run time. */
  readonly requires?: readonly (readonly [name: string, versions: readonly string[]])[];
  /** For bun's lockfiles only: the platforms of the package, if they are plain names. */
  readonly platforms?: Platforms;
  /** The words of the entry about the package, to compare them with its archive. Absent if the lockfile repeats nothing. */
  readonly claim?: NpmClaim;
}

/** Values of Node's `process.platform` and `process.arch`, or names that match no machine. All if absent. */
export interface Platforms {
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

export type PackageSource =
  /** A registry. `url` is the address of the tarball, if the lockfile has it. */
  | { readonly type: 'registry'; readonly url?: string }
  /** An archive at an address. */
  | { readonly type: 'url'; readonly url: string }
  | GitSource
  /** An archive on disk. The path is relative to the lockfile. */
  | { readonly type: 'file'; readonly path: string }
  /** A folder of the project, which is no archive. */
  | { readonly type: 'folder'; readonly path: string }
  | { readonly type: 'workspace'; readonly path: string }
  /** Inside the archive of another package. */
  | { readonly type: 'bundled' }
  /** Made on this machine from another package, which has its own entry. */
  | { readonly type: 'patch'; readonly of: string };

export interface GitSource {
  readonly type: 'git';
  /** As the lockfile has it. */
  readonly url: string;
  /** The whole id. Absent if the lockfile has none. */
  readonly commit?: string;
  /** The folder of the package in the repository. */
  readonly folder?: string;
}

/** The hash that the bytes have to have. */
export type Integrity =
  /** Subresource Integrity. If it has several hashes of the strongest algorithm, any of them may match. */
  | { readonly type: 'sri'; readonly value: string }
  /** The SHA-512 (lower-case hex) of the zip that Yarn makes from the tarball, and the key of the cache. */
  | { readonly type: 'yarn-zip'; readonly sha512: string; readonly cacheKey: string }
  /** Go's hash of the files of a module zip, `h1:` and base64. */
  | { readonly type: 'go-h1'; readonly value: string };
