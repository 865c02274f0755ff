/* The archives of one version of a package that a user names. */
import type { ExpectedPackage, Format, Policy } from '@tarwarden/core';
import type { Claim, NamedVersion } from '@tarwarden/core/policy';
import type { Variables } from '@tarwarden/settings';
import type { BytesFrom, LockfileLocation, NotInspectedReason } from '../result.ts';

export interface NamedPackageOptions {
  readonly env: Variables;
  /** Whether nothing may be downloaded. */
  readonly offline: boolean;
  readonly policy: Policy;
  /** A folder of the project whose lockfile and settings count. */
  readonly folder: string;
  /** The name of the one archive that is wanted, if a version has several. */
  readonly fileName?: string | undefined;
}

/** One archive of the package, as a client would get it now. */
export interface NamedArchive {
  /** The bytes, or the path of a temporary file. */
  readonly content: Buffer | string;
  /** A plain file name. */
  readonly fileName: string;
  /** Absent for an archive at an address: its name and its bytes say what it is. */
  readonly format?: Format;
  readonly expected: ExpectedPackage;
  /** The words of the registry's document or the lockfile about the package. */
  readonly claims?: readonly Claim[];
  readonly from: BytesFrom;
  /** The address of the download, without credentials. Absent for bytes of a cache. */
  readonly address?: string | undefined;
  /** The entry of the project's lockfile, and whether these bytes are the ones that it pins. Absent if it pins none. */
  readonly locked?: LockfileLocation & { readonly isSame: boolean };
  /** Removes the temporary file. */
  readonly dispose?: (() => void) | undefined;
}

/** The request and everything that is known about it before anything is fetched. */
export interface NamedPackage {
  readonly request: NamedVersion;
  readonly options: NamedPackageOptions;
}

/** This many archives of one version are fetched. Large projects have some twenty wheels for one platform. */
export const ARCHIVES_MAX = 32;

export type NamedResult = NamedArchive | NotInspectedReason;
