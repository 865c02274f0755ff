/* What a lockfile says, whatever manager wrote it. All text is as it came: hostile. */
import type { Ecosystem } from '@tarwarden/core';

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
  /** Version of the format, as the file spells it; empty where the format has none, or the file does not say. */
  readonly version: string;
  readonly packages: readonly LockedPackage[];
  /** What is given for what the project itself asks for; of Yarn's, for what anybody asks for. */
  readonly resolutions: readonly LockedResolution[];
  /** Folders of the packages of the project that ask, relative to the lockfile; its own is empty. */
  readonly importers: readonly string[];
  /** What could not be read, so that packages may be missing above. */
  readonly problems: readonly LockfileProblem[];
  /** Where its packages are to be looked for, as a requirements file says. Absent where it says nothing. */
  readonly indexes?: readonly LockedIndex[];
}

/** A package index that a lockfile names. */
export interface LockedIndex {
  readonly url: string;
  /** Asked beside the others, not instead of them. */
  readonly extra: boolean;
}

export interface LockfileProblem {
  /** From 1. */
  readonly line: number;
  /** One line in English. What it quotes of the file is escaped. */
  readonly message: string;
}

/** The package that whoever asks for a name gets. */
export interface LockedResolution {
  /** Folder of the package of the project that asks; absent where all who ask get the same, as in Yarn's lockfiles. */
  readonly importer?: string;
  /** Name that is asked for: that of the package, or an alias. */
  readonly name: string;
  /** What is asked for, as the lockfile says; absent where it does not say. */
  readonly range?: string;
  /** Line on which it says so, from 1. */
  readonly line: number;
  /** One of the packages of the lockfile. */
  readonly to: LockedPackage;
}

export interface LockedPackage {
  readonly ecosystem: Ecosystem;
  /** The real name, where the package is installed under another one. Empty where the lockfile does not say it. */
  readonly name: string;
  /** Empty where the lockfile does not say it, as for some URLs. */
  readonly version: string;
  readonly source: PackageSource;
  readonly integrity?: Integrity;
  /** Line of its entry, from 1. */
  readonly line: number;
  /** The entry's own key, as the lockfile spells it. */
  readonly key: string;
  /** Its archive has a npm-shrinkwrap.json, which npm 11 and older install by, whatever else the lockfile has for it. */
  readonly hasShrinkwrap?: true;
  /** Folders of its archive (`node_modules/x`) in which the lockfile says that other packages come. */
  readonly brings?: readonly string[];
  /** Only for some platforms. Yarn writes no checksum for those that are not the writer's. */
  readonly conditional?: true;
  /** The client may install another archive of this version, for another platform, which the lockfile need not have; of gems alone. */
  readonly anyPlatform?: true;
  /** What it is for, where the lockfile says so by plain names; of bun's alone. */
  readonly platforms?: Platforms;
}

/** Names of Node's `process.platform` and `process.arch`, or others that no machine has. Absent: for all. */
export interface Platforms {
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

export type PackageSource =
  /** A registry; `url` is the tarball's where the lockfile names it. */
  | { readonly type: 'registry'; readonly url?: string }
  /** An archive at an address that the project asks for. */
  | { readonly type: 'url'; readonly url: string }
  | GitSource
  /** An archive on disk, relative to the lockfile. */
  | { readonly type: 'file'; readonly path: string }
  /** Folders of the project, which are not archives. */
  | { readonly type: 'folder'; readonly path: string }
  | { readonly type: 'workspace'; readonly path: string }
  /** Inside the archive of the package that brings it. */
  | { readonly type: 'bundled' }
  /** Made here of another package, which has an entry of its own. */
  | { readonly type: 'patch'; readonly of: string };

export interface GitSource {
  readonly type: 'git';
  /** As the lockfile has it. */
  readonly url: string;
  /** Whole id; absent where the lockfile has none. */
  readonly commit?: string;
  /** Folder of the package in the repository. */
  readonly folder?: string;
}

/** What the bytes have to be. */
export type Integrity =
  /** Subresource Integrity; of several hashes of the strongest algorithm, any is right. */
  | { readonly type: 'sri'; readonly value: string }
  /** SHA-512 (lower-case hex) of the zip that Yarn makes of the tarball, and the key of the cache that it is for. */
  | { readonly type: 'yarn-zip'; readonly sha512: string; readonly cacheKey: string }
  /** Go's hash of the files of a module zip, `h1:` and base64. */
  | { readonly type: 'go-h1'; readonly value: string };
