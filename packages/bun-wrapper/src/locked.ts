/* Reads the integrities and platforms of packages from bun.lock. */
import { join } from 'node:path';
import type { Claim } from '@tarwarden/core/policy';
import type { Subject } from '@tarwarden/guard';
import { readLockfile, type Platforms } from '@tarwarden/clients/lockfiles';
import { readWithMark } from '@tarwarden/clients/settings';
import type { AskedPackage, Platform } from './question.ts';

const BYTES_MAX = 128 * 1024 * 1024;

export interface BunLockfile {
  readonly text: string | undefined;
  /** Integrities by name and version, URL or path, joined by `@`. Several if the file contradicts itself. */
  readonly integrities: ReadonlyMap<string, readonly string[]>;
  /** Platforms of registry packages, by the same keys. `{}` means all platforms. */
  readonly platforms: ReadonlyMap<string, readonly Platforms[]>;
  /** The words of the lockfile about registry packages, by the same keys. */
  readonly claims: ReadonlyMap<string, readonly Claim[]>;
  /** Number of packages that are not folders of the project. */
  readonly packages: number;
}

/** Whether the lockfile has a package for other platforms only. */
export function isForeign({ platforms }: BunLockfile, id: string, { os, cpu }: Platform): boolean {
  const platformLists = platforms.get(id) ?? [];
  const excludes = (names: readonly string[] | undefined, current: string): boolean =>
    names !== undefined && !names.includes(current);
  return (
    platformLists.length > 0 &&
    platformLists.every((platform) => excludes(platform.os, os) || excludes(platform.cpu, cpu))
  );
}

/** The identity of a registry's package, and the words of the lockfile about it. */
export function wordsAbout(
  { name, version }: Pick<AskedPackage, 'name' | 'version'>,
  { claims }: BunLockfile,
): Pick<Subject, 'claims' | 'expected'> {
  return { expected: { name, version }, claims: claims.get(`${name}@${version}`) };
}

/** The lockfile of a folder. @throws Error if it exists and cannot be read completely. */
export function readLocked(folder: string): BunLockfile {
  const { text, unreadable } = readWithMark(join(folder, 'bun.lock'), BYTES_MAX) ?? {};
  if (unreadable !== undefined) throw new Error(unreadable);
  const integrities = new Map<string, string[]>();
  const platforms = new Map<string, Platforms[]>();
  const claims = new Map<string, Claim[]>();
  if (text === undefined) return { text, integrities, platforms, claims, packages: 0 };
  const { packages, problems } = readLockfile('bun.lock', text);
  const [problem] = problems;
  if (problem !== undefined)
    throw new Error(`bun.lock is not understood: line ${problem.line}: ${problem.message}`);
  const fetched = packages.filter(({ source }) => !['workspace', 'folder'].includes(source.type));
  for (const locked of fetched) {
    if (locked.source.type !== 'registry') continue;
    const id = `${locked.name}@${locked.version}`;
    platforms.set(id, [...(platforms.get(id) ?? []), locked.platforms ?? {}]);
    if (locked.claim) claims.set(id, [...(claims.get(id) ?? []), locked.claim]);
  }
  for (const { name, version, source, integrity } of fetched) {
    if (integrity?.type !== 'sri') continue;
    const versionOrSource =
      source.type === 'url' ? source.url : source.type === 'file' ? source.path : version;
    const key = `${name}@${versionOrSource}`;
    integrities.set(key, [...(integrities.get(key) ?? []), integrity.value]);
  }
  return { text, integrities, platforms, claims, packages: fetched.length };
}
