/* The index of pnpm 8 to 10: a JSON file for each package. */
import { join } from 'node:path';
import type { Limits } from '@tarwarden/core/limits';
import { readBounded } from '@tarwarden/host';
import { ENTRY_BYTES_MAX } from '@tarwarden/host/pnpm-store';
import { sriOfHex } from '@tarwarden/lockfiles';
import { notComparable, type CacheItem } from './cached.ts';
import { filesIn, realFoldersIn } from './folder-entries.ts';
import { indexedPackage, STORE_REMEDY, storePackage } from './pnpm-package.ts';

/** @param folder The folder of one version of the store. */
export function packagesOfFiles(folder: string, version: string, limits: Limits): CacheItem[] {
  // pnpm 8 and 9 keep indexes among the files, under the whole hash. pnpm 10 keeps them apart, under half of the hash and the name.
  const [indexes, pattern] =
    version === 'v10'
      ? [join(folder, 'index'), /^([0-9a-f]{62})-.+\.json$/]
      : [join(folder, 'files'), /^([0-9a-f]{126})-index\.json$/];
  return realFoldersIn(indexes).flatMap((start) =>
    filesIn(join(indexes, start)).flatMap((name) => {
      const rest = pattern.exec(name)?.[1];
      const file = join(indexes, start, name);
      return rest === undefined ? [] : [packageOf({ file, folder, hex: start + rest, limits })];
    }),
  );
}

interface IndexFile {
  readonly file: string;
  readonly folder: string;
  /** SHA-512 of the tarball, or the first half of it. */
  readonly hex: string;
  readonly limits: Limits;
}

function packageOf({ file, folder, hex, limits }: IndexFile): CacheItem {
  const bytes = bytesOf(file);
  const index = bytes && indexedPackage(bytes, 'json');
  if (index === undefined)
    return notComparable(file, 'this index of pnpm’s store cannot be read', STORE_REMEDY);
  const { name, version } = index;
  const integrity = sriOfHex('sha512', hex);
  const locked = { name, version, ...(integrity !== undefined && { integrity }) };
  return storePackage({ file, folder, limits, locked, hashStart: hex, index: () => index });
}

/** Undefined for a file that is not regular, too large, or cannot be read. */
function bytesOf(file: string): Buffer | undefined {
  try {
    return readBounded(file, { bytesMax: ENTRY_BYTES_MAX, follow: false }).bytes;
  } catch {
    return undefined;
  }
}
