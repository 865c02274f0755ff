/* Finds extraction libraries among the dependencies in a project's lockfiles. It runs no code of the project. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pypiNameKey } from '@tarwarden/core/metadata';
import { printable } from '@tarwarden/core/text';
import { errnoOf, lockfilesAboveIn, readBounded } from '@tarwarden/guard';
import {
  isWorkspaceLockfile,
  lockfileKindOf,
  readLockfile,
  type Lockfile,
} from '@tarwarden/clients/lockfiles';
import type { Component, DoctorProblem, FoundComponents, OsvEcosystem } from '../component.ts';

/** Problems of one file that are listed. */
const SHOWN_PROBLEMS = 5;

const FILE_BYTES_MAX = 64 * 1024 * 1024;

type LockedPackage = Lockfile['packages'][number];

const ECOSYSTEMS: Readonly<Record<LockedPackage['ecosystem'], OsvEcosystem>> = {
  npm: 'npm',
  pypi: 'PyPI',
  rubygems: 'RubyGems',
  go: 'Go',
};

export interface LockfileSearch {
  readonly folder: string;
  watches(ecosystem: OsvEcosystem, name: string): boolean;
}

export function findInLockfiles(search: LockfileSearch): FoundComponents {
  const components: Component[] = [];
  const problems: DoctorProblem[] = [];
  for (const { folder, name } of lockfilesFor(search.folder, problems)) {
    const file = join(folder, name);
    let text: string | undefined;
    try {
      const { bytes } = readBounded(file, { bytesMax: FILE_BYTES_MAX, follow: true });
      text = bytes?.toString('utf8');
      if (text === undefined)
        problems.push({ message: 'is not a regular file, or is too large', file });
    } catch (error) {
      problems.push(unreadable(error, file));
    }
    if (text === undefined) continue;
    const lockfile = readLockfile(name, text);
    components.push(...watched(lockfile, { file, search }));
    problems.push(...problemsOf(lockfile, file));
  }
  return { components, problems };
}

/** The lockfiles of a folder, and those above that hold for it, as `audit` finds them. */
function lockfilesFor(
  folder: string,
  problems: DoctorProblem[],
): readonly { readonly folder: string; readonly name: string }[] {
  const names = lockfileNames(folder, problems);
  const above = lockfilesAboveIn(folder, {
    namesIn: (otherFolder) => lockfileNames(otherFolder, []),
    isShared: isWorkspaceLockfile,
  });
  return [
    ...names.map((name) => ({ folder, name })),
    ...(above?.names ?? []).map((name) => ({ folder: above!.folder, name })),
  ];
}

/** A requirements file without hashes has a problem on every line, so only some are listed. */
function problemsOf({ problems }: Lockfile, file: string): DoctorProblem[] {
  const shownProblems = problems.slice(0, SHOWN_PROBLEMS);
  const omittedCount = problems.length - shownProblems.length;
  return [
    ...shownProblems.map(({ line, message }) => ({ message, file, line })),
    ...(omittedCount === 0
      ? []
      : [{ message: `has ${omittedCount} more places that cannot be read`, file }]),
  ];
}

function lockfileNames(folder: string, problems: DoctorProblem[]): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => lockfileKindOf(name) !== undefined)
      .toSorted();
  } catch (error) {
    problems.push(unreadable(error, folder));
    return [];
  }
}

function unreadable(error: unknown, file: string): DoctorProblem {
  return { message: `cannot be read (${errnoOf(error) ?? 'unknown'})`, file };
}

/** Each version once, since a lockfile may have it many times. */
function watched(
  { packages }: Lockfile,
  { file, search }: { file: string; search: LockfileSearch },
): Component[] {
  const components = new Map<string, Component>();
  for (const locked of packages) {
    // A package of the project itself may have the same name as a published one.
    if (['workspace', 'folder'].includes(locked.source.type)) continue;
    const ecosystem = ECOSYSTEMS[locked.ecosystem];
    const { version, line } = locked;
    const name = ecosystem === 'PyPI' ? pypiNameKey(locked.name) : locked.name;
    const key = `${ecosystem}\n${name}\n${version}`;
    if (components.has(key) || !search.watches(ecosystem, name)) continue;
    const origin = { kind: 'lockfile', file, line } as const;
    components.set(key, { ecosystem, name, version: printable(version), origin });
  }
  return [...components.values()];
}
