/* Finds extraction libraries among the dependencies in a project's lockfiles. It runs no code of the project. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decodedUrl, printable } from '@tarwarden/core/text';
import { errnoOf, lockfilesAboveIn, readBounded } from '@tarwarden/host';
import {
  isWorkspaceLockfile,
  lockfileKindOf,
  readLockfile,
  type Lockfile,
} from '@tarwarden/lockfiles';
import type { Component, OsvEcosystem, DoctorProblem } from '../component.ts';
import type { FoundComponents } from './found.ts';

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
  /** Whether a package of that name has records. */
  watches(ecosystem: OsvEcosystem, name: string): boolean;
}

export function findInLockfiles(search: LockfileSearch): FoundComponents {
  const components: Component[] = [];
  const problems: DoctorProblem[] = [];
  for (const { folder, name } of lockfilesFor(search.folder, problems)) {
    const file = join(folder, name);
    const text = readLockfileText(file, problems);
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
    namesIn: (other) => lockfileNames(other, []),
    isShared: isWorkspaceLockfile,
  });
  return [
    ...names.map((name) => ({ folder, name })),
    ...(above?.names ?? []).map((name) => ({ folder: above!.folder, name })),
  ];
}

/** A requirements file without hashes has a problem on every line, so only some are listed. */
function problemsOf({ problems }: Lockfile, file: string): DoctorProblem[] {
  const shown = problems.slice(0, SHOWN_PROBLEMS);
  const more = problems.length - shown.length;
  return [
    ...shown.map(({ line, message }) => ({ message, file, line })),
    ...(more === 0 ? [] : [{ message: `has ${more} more places that cannot be read`, file }]),
  ];
}

function lockfileNames(folder: string, problems: DoctorProblem[]): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => lockfileKindOf(name) !== undefined)
      .toSorted();
  } catch (error) {
    problems.push({ message: `cannot be read (${errnoOf(error) ?? 'unknown'})`, file: folder });
    return [];
  }
}

function readLockfileText(file: string, problems: DoctorProblem[]): string | undefined {
  try {
    const { bytes } = readBounded(file, { bytesMax: FILE_BYTES_MAX, follow: true });
    if (bytes !== undefined) return bytes.toString('utf8');
    problems.push({ message: 'is not a regular file, or is too large', file });
  } catch (error) {
    problems.push({ message: `cannot be read (${errnoOf(error) ?? 'unknown'})`, file });
  }
  return undefined;
}

/** Each version once, since a lockfile may have it many times. */
function watched(
  { packages }: Lockfile,
  { file, search }: { file: string; search: LockfileSearch },
): Component[] {
  const found = new Map<string, Component>();
  for (const locked of packages) {
    if (isOwn(locked)) continue;
    const ecosystem = ECOSYSTEMS[locked.ecosystem];
    for (const { name: given, version } of [locked, ...addressed(locked)]) {
      const name = nameIn(ecosystem, given);
      const key = `${ecosystem}\n${name}\n${version}`;
      if (found.has(key) || !search.watches(ecosystem, name)) continue;
      const origin = { kind: 'lockfile', file, line: locked.line } as const;
      found.set(key, { ecosystem, name, version: printable(version), origin });
    }
  }
  return [...found.values()];
}

/** The path of a tarball at npm's registries: `@scope/name/-/name-1.0.0.tgz`. */
const TARBALL = /(?<=\/)((?:@[^/]+\/)?([^/@]+))\/-\/(?:@[^/]+\/)?([^/]+)\.tgz$/;

/** The package in the address of an entry. Clients fetch that one, whatever the name and version of the entry are. */
function addressed({
  ecosystem,
  source,
}: LockedPackage): readonly Pick<LockedPackage, 'name' | 'version'>[] {
  if (ecosystem !== 'npm' || (source.type !== 'registry' && source.type !== 'url')) return [];
  const { url = '' } = source;
  if (!URL.canParse(url)) return [];
  const [, name, last, base] = TARBALL.exec(decodedUrl(new URL(url).pathname)) ?? [];
  if (name === undefined || base?.startsWith(`${last}-`) !== true) return [];
  return [{ name, version: base.slice(`${last}-`.length) }];
}

/** A package of the project itself, which may have the same name as a published one. */
function isOwn({ source: { type } }: LockedPackage): boolean {
  return type === 'workspace' || type === 'folder';
}

/** PEP 503 says which of Python's names are equal. */
function nameIn(ecosystem: OsvEcosystem, name: string): string {
  return ecosystem === 'PyPI' ? name.toLowerCase().replaceAll(/[-_.]+/g, '-') : name;
}
