/* What has to be inspected of all lockfiles: what is the same bytes, read in the same way, once. */
import { dirname } from 'node:path';
import { collisionFree, sourceKey } from '@tarwarden/host';
import type { LockedIndex, LockedPackage, Lockfile, LockfileKind } from '@tarwarden/lockfiles';
import type { LockfileFile } from './lockfile-files/find.ts';
import { requestChecks, type RequestCheck } from './requests/check.ts';
import type { ProjectRequests } from './requests/load.ts';
import type { Check, LockfileLocation, PackageLocation } from './result.ts';

/** An entry of a lockfile, and where that is. */
export interface LockfileEntry {
  readonly locked: LockedPackage;
  readonly kind: LockfileKind;
  /** That of the entry; absent where there is none, as for what a cache has. */
  readonly lockfile?: Lockfile;
  readonly place: PackageLocation;
  /** Folder of the lockfile. */
  readonly folder: string;
  /** Indexes that the lockfile names. */
  readonly indexes?: readonly LockedIndex[];
  /** What the project asks for by itself; absent where there is no project. */
  readonly requests?: ProjectRequests;
  /** Where else the lockfile has it for something that is asked for. */
  readonly askedAt?: readonly PackageLocation[];
  /** What is wrong about it beside what the project asks for. */
  readonly checks?: readonly Check[];
}

/** Entries that ask for the same bytes of the same package. At least one. */
export type AuditTask = readonly [LockfileEntry, ...LockfileEntry[]];

export interface AuditPlan {
  readonly tasks: readonly AuditTask[];
  readonly problems: readonly (LockfileLocation & { readonly message: string })[];
  /** Folders of the other packages of the projects, below the folders of the lockfiles. */
  readonly members: readonly string[];
  /** Folders with a go.sum. */
  readonly goFolders: readonly string[];
  /** What is wrong about what the project asks for, and its lockfile has no entry for. */
  readonly unlocked: readonly {
    readonly name: string;
    readonly place: PackageLocation;
    readonly check: Check;
  }[];
}

/** @param requestsOf What the project around a lockfile asks for by itself. */
export function planOf(
  files: readonly LockfileFile[],
  requestsOf: (path: string, lockfile: Lockfile) => ProjectRequests | undefined = () => undefined,
): AuditPlan {
  const tasks = new Map<string, [LockfileEntry, ...LockfileEntry[]]>();
  const problems: (LockfileLocation & { message: string })[] = [];
  const members: string[] = [];
  const goFolders = new Set<string>();
  const unlocked: AuditPlan['unlocked'][number][] = [];
  for (const file of files) {
    const { path } = file;
    if ('error' in file) {
      problems.push({ lockfile: path, line: 1, message: file.error });
      continue;
    }
    const { kind, packages, indexes } = file.lockfile;
    if (kind === 'go-sum') goFolders.add(dirname(path));
    for (const { line, message } of file.lockfile.problems)
      problems.push({ lockfile: path, line, message });
    const requests = requestsOf(path, file.lockfile);
    for (const message of requests?.problems ?? [])
      problems.push({ lockfile: path, line: 1, message });
    members.push(
      ...(requests?.members ?? file.lockfile.importers).filter((member) => member !== ''),
    );
    const wrong = requests === undefined ? [] : requestChecks(file.lockfile, requests);
    const checks = new Map<LockedPackage, RequestCheck[]>(packages.map((locked) => [locked, []]));
    for (const problem of wrong) {
      const { to, name, line, check } = problem;
      const known = to === undefined ? undefined : checks.get(to);
      if (known === undefined) unlocked.push({ name, place: { lockfile: path, line }, check });
      else known.push(problem);
    }
    for (const locked of packages) {
      const place = { lockfile: path, line: locked.line };
      const asked = checks.get(locked) ?? [];
      const lines = new Set(asked.map(({ line }) => line).filter((line) => line !== locked.line));
      const entry: LockfileEntry = {
        locked,
        kind,
        lockfile: file.lockfile,
        place,
        folder: dirname(path),
        askedAt: [...lines].map((line) => ({ lockfile: path, line })),
        checks: asked.map(({ check }) => check),
        ...(requests !== undefined && { requests }),
        ...(indexes !== undefined && { indexes }),
      };
      const key = taskKey(entry);
      const task = tasks.get(key);
      if (task === undefined) tasks.set(key, [entry]);
      else task.push(entry);
    }
  }
  return { tasks: [...tasks.values()], problems, members, goFolders: [...goFolders], unlocked };
}

/**
 * The location counts wherever other bytes could have what the lockfile pins, and where a client reads the name of the file off it, as
 * those of Python do. Where nothing is pinned, the kind counts as well: the settings of another manager may lead elsewhere.
 */
function taskKey({ locked, folder, kind, indexes = [] }: LockfileEntry): string {
  const { ecosystem, name, version, source, integrity } = locked;
  const { type } = source;
  const isFetched = type === 'registry' || type === 'url';
  const sri = integrity?.type === 'sri' ? collisionFree(integrity.value) : undefined;
  // The h1: hash of Go says where the module is: a proxy has it under its name.
  const isPinned = sri !== undefined || integrity?.type === 'go-h1';
  const isNamed = isPinned && isFetched && ecosystem !== 'pypi';
  return sourceKey(ecosystem, {
    location: isNamed ? undefined : JSON.stringify([source, indexes]),
    commit: undefined,
    // Gems come from folders beside the lockfile as well.
    folder: isNamed && ecosystem !== 'rubygems' ? undefined : folder,
    integrity: integrity && JSON.stringify(integrity),
    // It ends the location, or the index at that location has it.
    fileName: undefined,
    format: `${isPinned ? type : `${type} of ${kind}`}${locked.anyPlatform ? ', any platform' : ''}`,
    // If npm asks for an archive by its address, the inspection does not depend on the name.
    expected: ecosystem === 'npm' && type === 'url' && isPinned ? undefined : { name, version },
  });
}
