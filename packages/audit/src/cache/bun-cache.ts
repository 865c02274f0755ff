/*
 * bun's cache has the unpacked files, without the archive and its integrity. So the audit downloads the archive again by name and
 * version, inspects it, and compares the files.
 */
import { join } from 'node:path';
import type { Limits } from '@tarwarden/core/limits';
import { commandsIn } from '../compare/commands.ts';
import type { UnpackedFolder } from '../compare/unpacked-folder.ts';
import { cacheItem, folderComparison, notComparable, type CacheItem } from './cached.ts';
import { realFoldersIn } from './folder-entries.ts';

/** `left-pad@1.3.0@@@1`, or `left-pad@1.3.0@@registry.example@@@1` for a package of another registry than the default one. */
const VERSION = /^([^@]+)@(\d[^@]*)@@(?:([^@]+)@@)?@\d+$/;

/** Packages from git repositories, and from archives with an address of their own. */
const OTHERS = /^@(?:T|G|GH)@/;

const NO_NAME = 'bun’s cache does not say where this comes from, so that it cannot be compared';
const REMEDY = 'remove it, and install again';

export function bunPackages(cache: string, limits: Limits): CacheItem[] {
  return realFoldersIn(cache).flatMap((name) => {
    if (OTHERS.test(name)) return [notComparable(join(cache, name), NO_NAME, REMEDY)];
    if (!name.startsWith('@')) return packageOf(cache, '', name, limits);
    return realFoldersIn(join(cache, name)).flatMap((slot) =>
      packageOf(cache, `${name}/`, slot, limits),
    );
  });
}

/** A file that bun adds to a package that is not from a registry. */
export const BUN_TAG = '.bun-tag';

/** The folder of a package, as bun unpacks it. */
export function bunFolder(path: string): UnpackedFolder {
  return { path, client: 'bun', skip: (at) => at === BUN_TAG, isCommand: commandsIn(path) };
}

/** The name without its scope, and the version. bun has the hash of a prerelease in place of the prerelease. */
export function bunSlot(folder: string): { base: string; version: string } | undefined {
  const [, base, version] = VERSION.exec(folder) ?? [];
  return base === undefined || version === undefined ? undefined : { base, version };
}

function packageOf(cache: string, scope: string, slot: string, limits: Limits): CacheItem[] {
  const named = bunSlot(slot);
  if (named === undefined) return [];
  const { base, version } = named;
  const folder = join(cache, `${scope}${slot}`);
  return [
    cacheItem({
      kind: 'bun',
      file: folder,
      folder: cache,
      locked: { name: `${scope}${base}`, version, source: { type: 'registry' } },
      compare: folderComparison(bunFolder(folder), limits, 'what bun unpacked'),
    }),
  ];
}
