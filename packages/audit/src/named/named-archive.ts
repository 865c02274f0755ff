/* The archives of one version of a package that a user names, and what the lockfiles of a project say about it. */
import type { ExpectedPackage, Format, Policy } from '@tarwarden/core';
import {
  formatIdentity,
  isSamePackage,
  type Claim,
  type NamedVersion,
} from '@tarwarden/core/policy';
import type { LockfileKind } from '@tarwarden/clients/lockfiles';
import type { Variables } from '@tarwarden/clients/settings';
import { contentHasAll } from '../ecosystems/download.ts';
import { lockfilesAbove, lockfilesAt } from '../lockfile-files.ts';
import { planOf, type LockfileEntry } from '../plan.ts';
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

export interface LockedNamedPackage {
  /** The folder of the lockfiles. The given folder if there are none. */
  readonly folder: string;
  /** Entries of archives of exactly this package and version. */
  readonly entries: readonly LockfileEntry[];
  /** The first lockfile of the package's ecosystem, whose client's settings count. */
  readonly kind: LockfileKind | undefined;
}

/** Lockfiles that cannot be read are skipped: an audit reports them. */
export function lockedNamedPackage(request: NamedVersion, folder: string): LockedNamedPackage {
  const lockfilesHere = lockfilesAt(folder);
  const nearest =
    lockfilesHere.length > 0 ? { folder, files: lockfilesHere } : lockfilesAbove(folder);
  const { folder: holder, files } = nearest ?? { folder, files: [] };
  const allEntries = planOf(files).tasks.flat();
  const { ecosystem, name, version } = request;
  const wantedIdentity = formatIdentity(name, version)!;
  const entries = allEntries.filter(({ locked }) => {
    if (locked.ecosystem !== ecosystem) return false;
    const isArchive = locked.source.type === 'registry' || locked.source.type === 'url';
    const its = formatIdentity(locked.name, locked.version)!;
    // Gemfile.lock has the platform of a gem behind its version.
    const isPlatform = ecosystem === 'rubygems' && its.startsWith(`${wantedIdentity}-`);
    return isArchive && (isPlatform || isSamePackage(its, wantedIdentity, ecosystem));
  });
  const kind = allEntries.find(({ locked }) => locked.ecosystem === ecosystem)?.kind;
  return { folder: holder, entries, kind };
}

/** The entry that has the hash of an archive, else the first with any hash. Those that no archive has may be for other machines. */
export async function lockedIn(
  entries: readonly LockfileEntry[],
  content: Buffer | string,
): Promise<Pick<NamedArchive, 'locked'>> {
  let differing: NamedArchive['locked'];
  for (const { locked, location } of entries) {
    if (locked.integrity?.type !== 'sri') continue;
    // oxlint-disable-next-line no-await-in-loop -- one large file is read at a time
    const isSame = await contentHasAll(content, locked.integrity.value);
    if (isSame) return { locked: { ...location, isSame } };
    differing ??= { ...location, isSame };
  }
  return differing === undefined ? {} : { locked: differing };
}

interface UnlockedOptions {
  readonly kind: LockfileEntry['kind'];
  readonly folder: string;
  readonly url?: string;
  /** Subresource Integrity that the registry publishes. */
  readonly integrity?: string | undefined;
  readonly anyPlatform?: boolean;
}

/** An entry like that of a lockfile, for a package that no lockfile pins. */
export function unlockedEntry(
  { ecosystem, name, version }: NamedVersion,
  { kind, folder, url, integrity, anyPlatform = false }: UnlockedOptions,
): LockfileEntry {
  return {
    kind,
    folder,
    location: { lockfile: '', line: 1 },
    locked: {
      ecosystem,
      name,
      version,
      source: { type: 'registry', ...(url !== undefined && { url }) },
      ...(integrity !== undefined && { integrity: { type: 'sri', value: integrity } }),
      ...(anyPlatform && { anyPlatform }),
      line: 1,
      key: name,
    },
  };
}
