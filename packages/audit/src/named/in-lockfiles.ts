/* Finds what the lockfiles of a project say about a package that a user names. */
import { formatIdentity, isSamePackage, type NamedVersion } from '@tarwarden/core/policy';
import type { LockfileKind } from '@tarwarden/lockfiles';
import { lockfilesAbove, lockfilesAt } from '../lockfile-files/find.ts';
import { planOf, type LockfileEntry } from '../plan.ts';

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
  const here = lockfilesAt(folder);
  const nearest = here.length > 0 ? { folder, files: here } : lockfilesAbove(folder);
  const { folder: holder, files } = nearest ?? { folder, files: [] };
  const all = planOf(files).tasks.flat();
  const { ecosystem, name, version } = request;
  const wanted = formatIdentity(name, version)!;
  const entries = all.filter(({ locked }) => {
    if (locked.ecosystem !== ecosystem) return false;
    const isArchive = locked.source.type === 'registry' || locked.source.type === 'url';
    const its = formatIdentity(locked.name, locked.version)!;
    // Gemfile.lock has the platform of a gem behind its version.
    const isPlatform = ecosystem === 'rubygems' && its.startsWith(`${wanted}-`);
    return isArchive && (isPlatform || isSamePackage(its, wanted, ecosystem));
  });
  const kind = all.find(({ locked }) => locked.ecosystem === ecosystem)?.kind;
  return { folder: holder, entries, kind };
}
