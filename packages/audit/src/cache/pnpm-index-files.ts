/* The index of pnpm 8 to 10: a JSON file for each package. */
import { join } from 'node:path';
import type { Limits } from '@tarwarden/core/limits';
import { readBounded } from '@tarwarden/host';
import { sriOfHex } from '@tarwarden/lockfiles';
import { notComparable, type CacheItem } from './cached.ts';
import { filesIn, realFoldersIn } from './folder-entries.ts';
import { INDEX_BYTES_MAX, STORE_REMEDY, storePackage, type IndexedFiles } from './pnpm-package.ts';

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
  const index = readIndex(file);
  if (index === undefined)
    return notComparable(file, 'this index of pnpm’s store cannot be read', STORE_REMEDY);
  const { name, version } = index;
  const integrity = sriOfHex('sha512', hex);
  const locked = { name, version, ...(integrity !== undefined && { integrity }) };
  return storePackage({ file, folder, limits, locked, hashStart: hex, index: () => index });
}

function readIndex(file: string): IndexedFiles | undefined {
  try {
    const { bytes } = readBounded(file, { bytesMax: INDEX_BYTES_MAX, follow: false });
    const { name, version, files, sideEffects } = JSON.parse(bytes?.toString('utf8') ?? 'null') as {
      name?: unknown;
      version?: unknown;
      files?: Record<string, { integrity?: unknown; mode?: unknown }>;
      sideEffects?: unknown;
    };
    if (typeof name !== 'string' || typeof version !== 'string' || files === undefined)
      return undefined;
    const entries = Object.entries(files).map(([path, { integrity, mode }]) => ({
      path,
      hash: String(integrity).replace(/^sha512-/, ''),
      executable: (Number(mode) & 0o111) !== 0,
    }));
    return { name, version, entries, isBuilt: Object.keys(sideEffects ?? {}).length > 0 };
  } catch {
    return undefined;
  }
}
