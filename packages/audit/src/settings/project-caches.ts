/*
 * Caches that a project's own files name. They are looked at only within the project: a repository must not have other folders read. What is
 * in them is not believed either, but compared with the integrity of the lockfile.
 */
import { join, resolve } from 'node:path';
import { isWithin, projectFolders, realAsFar } from '@tarwarden/host';
import type { Entries } from './settings.ts';

export interface ProjectCaches {
  readonly npm: readonly string[];
  /** Folders of zips. */
  readonly yarn: readonly string[];
}

export interface ProjectEntries {
  readonly npmrc: Entries;
  readonly yarnrc: Entries;
}

/** Characters of a path: no system takes a longer one, and each folder of it is looked for. */
const PATH_CHARS_MAX = 4096;

/** @param folder That of the files. */
export function projectCaches(
  folder: string | undefined,
  { npmrc, yarnrc }: ProjectEntries,
): ProjectCaches {
  if (folder === undefined) return { npm: [], yarn: [] };
  const root = realAsFar(rootOf(folder));
  const named = (entries: Entries, key: string): string[] => {
    const value = entries.findLast(([name]) => name === key)?.[1];
    if (typeof value !== 'string' || value === '' || value.includes('${')) return [];
    if (value.length > PATH_CHARS_MAX) return [];
    const path = resolve(folder, value);
    return isWithin(root, realAsFar(path)) ? [path] : [];
  };
  return {
    npm: named(npmrc, 'cache'),
    yarn: [
      join(folder, '.yarn', 'cache'),
      ...named(yarnrc, 'cacheFolder'),
      ...named(yarnrc, 'globalFolder').map((path) => join(path, 'cache')),
    ],
  };
}

/** The folder that makes up the project which a folder is in. */
export function rootOf(folder: string): string {
  return projectFolders(folder).at(-1) ?? folder;
}
