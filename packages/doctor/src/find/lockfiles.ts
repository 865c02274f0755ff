/* Extraction libraries among the dependencies of a project, by its lockfiles. Nothing of the project is run. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decodedUrl, printable } from '@tarwarden/core/text';
import { errnoOf, readBounded } from '@tarwarden/host';
import { lockfileKindOf, readLockfile, type Lockfile } from '@tarwarden/lockfiles';
import type { Component, Ecosystem, Problem } from '../component.ts';
import type { Found } from './found.ts';

/** Problems of one file that are listed. */
const SHOWN_PROBLEMS = 5;

const FILE_BYTES_MAX = 64 * 1024 * 1024;

type Locked = Lockfile['packages'][number];

const ECOSYSTEMS: Readonly<Record<Locked['ecosystem'], Ecosystem>> = {
  npm: 'npm',
  pypi: 'PyPI',
  rubygems: 'RubyGems',
  go: 'Go',
};

export interface LockfileSearch {
  readonly folder: string;
  /** Whether records are about a package of that name. */
  watches(ecosystem: Ecosystem, name: string): boolean;
}

export function findInLockfiles(search: LockfileSearch): Found {
  const components: Component[] = [];
  const problems: Problem[] = [];
  for (const name of lockfileNames(search.folder, problems)) {
    const text = textOf(join(search.folder, name), problems);
    if (text === undefined) continue;
    const lockfile = readLockfile(name, text);
    const file = join(search.folder, name);
    components.push(...watched(lockfile, { file, search }));
    problems.push(...problemsOf(lockfile, file));
  }
  return { components, problems };
}

/** A list of requirements that locks nothing has one on every line. */
function problemsOf({ problems }: Lockfile, file: string): Problem[] {
  const shown = problems.slice(0, SHOWN_PROBLEMS);
  const more = problems.length - shown.length;
  return [
    ...shown.map(({ line, message }) => ({ message, file, line })),
    ...(more === 0 ? [] : [{ message: `has ${more} more places that cannot be read`, file }]),
  ];
}

function lockfileNames(folder: string, problems: Problem[]): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => lockfileKindOf(name) !== undefined)
      .toSorted();
  } catch (error) {
    problems.push({ message: `cannot be read (${errnoOf(error) ?? 'unknown'})`, file: folder });
    return [];
  }
}

function textOf(file: string, problems: Problem[]): string | undefined {
  try {
    const { bytes } = readBounded(file, { bytesMax: FILE_BYTES_MAX, follow: true });
    if (bytes !== undefined) return bytes.toString('utf8');
    problems.push({ message: 'is not a regular file, or is too large', file });
  } catch (error) {
    problems.push({ message: `cannot be read (${errnoOf(error) ?? 'unknown'})`, file });
  }
  return undefined;
}

/** One of each version: a lockfile may have it many times. */
function watched(
  { packages }: Lockfile,
  { file, search }: { file: string; search: LockfileSearch },
): Component[] {
  const found = new Map<string, Component>();
  for (const one of packages) {
    if (isOwn(one)) continue;
    const ecosystem = ECOSYSTEMS[one.ecosystem];
    for (const { name: given, version } of [one, ...addressed(one)]) {
      const name = nameIn(ecosystem, given);
      const key = `${ecosystem}\n${name}\n${version}`;
      if (found.has(key) || !search.watches(ecosystem, name)) continue;
      const origin = { kind: 'lockfile', file, line: one.line } as const;
      found.set(key, { ecosystem, name, version: printable(version), origin });
    }
  }
  return [...found.values()];
}

/** Where npm's registries have tarballs: `@scope/name/-/name-1.0.0.tgz`. */
const TARBALL = /(?<=\/)((?:@[^/]+\/)?([^/@]+))\/-\/(?:@[^/]+\/)?([^/]+)\.tgz$/;

/** Clients fetch from the address of an entry, whatever name and version it has. */
function addressed({ ecosystem, source }: Locked): readonly Pick<Locked, 'name' | 'version'>[] {
  if (ecosystem !== 'npm' || (source.type !== 'registry' && source.type !== 'url')) return [];
  const { url = '' } = source;
  if (!URL.canParse(url)) return [];
  const [, name, last, base] = TARBALL.exec(decodedUrl(new URL(url).pathname)) ?? [];
  if (name === undefined || base?.startsWith(`${last}-`) !== true) return [];
  return [{ name, version: base.slice(`${last}-`.length) }];
}

/** A package of the project itself may have the name of any other. */
function isOwn({ source: { type } }: Locked): boolean {
  return type === 'workspace' || type === 'folder';
}

/** Python's names are equal where PEP 503 makes them so. */
function nameIn(ecosystem: Ecosystem, name: string): string {
  return ecosystem === 'PyPI' ? name.toLowerCase().replaceAll(/[-_.]+/g, '-') : name;
}
