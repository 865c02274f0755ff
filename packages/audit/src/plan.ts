/* What has to be inspected of all lockfiles: each (integrity, package) once. */
import { dirname } from 'node:path';
import type { LockedIndex, LockedPackage, LockfileKind } from '@tarwarden/lockfiles';
import type { LockfileFile } from './lockfile-files/find.ts';
import type { LockfilePlace, Place } from './result.ts';

/** An entry of a lockfile, and where that is. */
export interface Entry {
  readonly locked: LockedPackage;
  readonly kind: LockfileKind;
  readonly place: Place;
  /** Folder of the lockfile. */
  readonly folder: string;
  /** Indexes that the lockfile names. */
  readonly indexes?: readonly LockedIndex[];
}

/** Entries that ask for the same bytes of the same package. At least one. */
export type Task = readonly [Entry, ...Entry[]];

export interface Plan {
  readonly tasks: readonly Task[];
  readonly problems: readonly (LockfilePlace & { readonly message: string })[];
}

export function planOf(files: readonly LockfileFile[]): Plan {
  const tasks = new Map<string, [Entry, ...Entry[]]>();
  const problems: (LockfilePlace & { message: string })[] = [];
  for (const file of files) {
    const { path } = file;
    if ('error' in file) {
      problems.push({ lockfile: path, line: 1, message: file.error });
      continue;
    }
    const { kind, packages, indexes } = file.lockfile;
    for (const { line, message } of file.lockfile.problems)
      problems.push({ lockfile: path, line, message });
    for (const locked of packages) {
      const place = { lockfile: path, line: locked.line };
      const about = { locked, kind, place, folder: dirname(path) };
      const entry: Entry = indexes === undefined ? about : { ...about, indexes };
      const key = keyOf(entry);
      const task = tasks.get(key);
      if (task === undefined) tasks.set(key, [entry]);
      else task.push(entry);
    }
  }
  return { tasks: [...tasks.values()], problems };
}

/**
 * Without an integrity, the source says what is asked for; so it does where the bytes are on disk, or are not bytes. Only of a
 * registry's package the name is part of what is inspected.
 */
function keyOf({ locked, folder }: Entry): string {
  const { ecosystem, name, version, source, integrity } = locked;
  if (integrity === undefined) return JSON.stringify([ecosystem, name, version, source, folder]);
  if (source.type === 'registry') return JSON.stringify([ecosystem, name, version, integrity]);
  const what = source.type === 'url' ? ['url'] : [source, folder];
  return JSON.stringify([ecosystem, integrity, ...what]);
}
