/* pnpm's store has a folder for each version of its format. */
import { join } from 'node:path';
import type { Limits } from '@tarwarden/core/limits';
import { notComparable, type CacheItem } from './cached.ts';
import { realFoldersIn } from './folder-entries.ts';
import { packagesOfDatabase } from './pnpm-index-database.ts';
import { packagesOfFiles } from './pnpm-index-files.ts';
import { STORE_REMEDY } from './pnpm-package.ts';

export function pnpmPackages(store: string, limits: Limits): CacheItem[] {
  return realFoldersIn(store).flatMap((version) => {
    const folder = join(store, version);
    const packages =
      /^v\d+$/.test(version) && Number(version.slice(1)) >= 11
        ? packagesOfDatabase(folder, limits)
        : packagesOfFiles(folder, version, limits);
    return [...packages, ...linked(join(folder, 'links'))];
  });
}

/** With a global virtual store, projects use folders in the store, and pnpm does not check these again. */
function linked(folder: string): CacheItem[] {
  const message =
    'packages that projects use right out of the store (the global virtual store) are not compared';
  return realFoldersIn(folder).length === 0 ? [] : [notComparable(folder, message, STORE_REMEDY)];
}
