/* pnpm's store: a folder for each version of its form. */
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

/** Projects with a global virtual store use folders in the store: pnpm does not look at these again. */
function linked(folder: string): CacheItem[] {
  const message =
    'packages that projects use right out of the store (the global virtual store) are not compared';
  return realFoldersIn(folder).length === 0 ? [] : [notComparable(folder, message, STORE_REMEDY)];
}
