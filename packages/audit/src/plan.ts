/* Plans the tasks of an audit. Entries for the same bytes, read in the same way, become one task. */
import { dirname } from 'node:path';
import { collisionFree, sourceKey } from '@tarwarden/guard';
import type {
  LockedIndex,
  LockedPackage,
  Lockfile,
  LockfileKind,
} from '@tarwarden/clients/lockfiles';
import type { LockfileFile } from './lockfile-files.ts';
import { requestChecks, type RequestCheck } from './requests/check.ts';
import type { ProjectRequests } from './requests/load.ts';
import type { Check, LockfileLocation } from './result.ts';

/** An entry of a lockfile, with its location. */
export interface LockfileEntry {
  readonly locked: LockedPackage;
  readonly kind: LockfileKind;
  /** Absent for a package that no lockfile pins. */
  readonly lockfile?: Lockfile;
  readonly location: LockfileLocation;
  /** The folder of the lockfile. */
  readonly folder: string;
  /** Indexes that the lockfile names. */
  readonly indexes?: readonly LockedIndex[];
  /** Absent if there is no project. */
  readonly requests?: ProjectRequests;
  /** Other lines of the lockfile that give this package for a request. */
  readonly askedAt?: readonly LockfileLocation[];
  /** Problems that were found by comparing it with the requests of the project. */
  readonly checks?: readonly Check[];
}

/** Entries that ask for the same bytes of the same package. At least one. */
export type AuditTask = readonly [LockfileEntry, ...LockfileEntry[]];

export interface AuditPlan {
  readonly tasks: readonly AuditTask[];
  readonly problems: readonly (LockfileLocation & { readonly message: string })[];
  /** Folders with a go.sum. */
  readonly goFolders: readonly string[];
  /** Problems of requests for which the lockfile has no entry. */
  readonly unlocked: readonly {
    readonly name: string;
    readonly location: LockfileLocation;
    readonly check: Check;
  }[];
}

/** @param requestsOf Reads the requests of the project around a lockfile. */
export function planOf(
  files: readonly LockfileFile[],
  requestsOf: (path: string, lockfile: Lockfile) => ProjectRequests | undefined = () => undefined,
): AuditPlan {
  const tasks = new Map<string, [LockfileEntry, ...LockfileEntry[]]>();
  const problems: (LockfileLocation & { message: string })[] = [];
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
    const wrong = requests === undefined ? [] : requestChecks(file.lockfile, requests);
    const checks = new Map<LockedPackage, RequestCheck[]>(packages.map((locked) => [locked, []]));
    for (const problem of wrong) {
      const { to, name, line, check } = problem;
      const packageChecks = to === undefined ? undefined : checks.get(to);
      if (packageChecks === undefined)
        unlocked.push({ name, location: { lockfile: path, line }, check });
      else packageChecks.push(problem);
    }
    for (const locked of packages) {
      const location = { lockfile: path, line: locked.line };
      const packageChecks = checks.get(locked) ?? [];
      const lines = new Set(
        packageChecks.map(({ line }) => line).filter((line) => line !== locked.line),
      );
      const entry: LockfileEntry = {
        locked,
        kind,
        lockfile: file.lockfile,
        location,
        folder: dirname(path),
        askedAt: [...lines].map((line) => ({ lockfile: path, line })),
        checks: packageChecks.map(({ check }) => check),
        ...(requests !== undefined && { requests }),
        ...(indexes !== undefined && { indexes }),
      };
      const key = taskKey(entry);
      const task = tasks.get(key);
      if (task === undefined) tasks.set(key, [entry]);
      else task.push(entry);
    }
  }
  return { tasks: [...tasks.values()], problems, goFolders: [...goFolders], unlocked };
}

/**
 * Two entries have the same key if a client gets the same bytes for them and reads these in the same way. The location is part of the
 * key if other bytes could match the pinned hash, and for Python, whose clients take the file's name from it. Without a hash the kind of
 * lockfile is part of it too, because the settings of another manager may name another source.
 */
function taskKey({ locked, folder, kind, indexes = [] }: LockfileEntry): string {
  const { ecosystem, name, version, source, integrity } = locked;
  const { type } = source;
  const isFetched = type === 'registry' || type === 'url';
  const sri = integrity?.type === 'sri' ? collisionFree(integrity.value) : undefined;
  // A Go proxy has a module under its name, and the h1: hash pins its files.
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
