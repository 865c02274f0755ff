/* The index of pnpm 11 and newer: rows of a database. Each row is an index in MessagePack. */
import { join } from 'node:path';
import type { Limits } from '@tarwarden/core/limits';
import {
  openStoreIndex,
  UnreadableStoreError,
  type FoundEntry,
  type StoreIndex,
} from '@tarwarden/host/pnpm-store';
import { sriOf } from '@tarwarden/lockfiles';
import { notComparable, type CacheItem } from './cached.ts';
import { indexedPackage, STORE_REMEDY, storePackage } from './pnpm-package.ts';

/** Integrity of the archive, name and version: `sha512-…\t@scope/name@1.0.0`. */
const KEY = /^(\S+)\t((?:@[^/@\s]+\/)?[^/@\s]+)@(\d[^@()\s]*)$/;

const OTHER_KEY =
  'this index of pnpm’s store is that of a git repository or an address, which is not downloaded again';

/** @param folder The folder of one version of the store. */
export function packagesOfDatabase(folder: string, limits: Limits): CacheItem[] {
  const file = join(folder, 'index.db');
  let index: StoreIndex | undefined;
  try {
    index = openStoreIndex(folder);
    if (index === undefined) return [];
    const { rows, aliases } = rowsOf(index);
    if (index.hasChanged())
      return [notComparable(file, CHANGED, 'run this again when pnpm has ended')];
    return rows.map((row) => packageOf(row, aliases.get(row.name) ?? [], { file, folder, limits }));
  } catch (error) {
    if (!(error instanceof UnreadableStoreError)) throw error;
    const problem = `the index of this store cannot be read (${error.message})`;
    return [notComparable(file, problem, STORE_REMEDY)];
  } finally {
    index?.close();
  }
}

const CHANGED = 'the index of this store was changed while it was read';

/** Rows of both tables. The store of a large company has some 100,000. */
const ROWS_MAX = 1_000_000;
/** Bytes of all rows. They are in memory at once. */
const ALL_BYTES_MAX = 1024 * 1024 * 1024;

function rowsOf(index: StoreIndex): { rows: FoundEntry[]; aliases: Map<string, string[]> } {
  const rows: FoundEntry[] = [];
  const aliases = new Map<string, string[]>();
  let [count, bytes] = [0, 0];
  const add = (length: number): void => {
    count += 1;
    bytes += length;
    if (count > ROWS_MAX || bytes > ALL_BYTES_MAX)
      throw new UnreadableStoreError('it is larger than what is read');
  };
  for (const row of index.all()) {
    add(row.data.length);
    rows.push(row);
  }
  for (const { key, target } of index.aliases()) {
    add(key.length + target.length);
    (aliases.get(target) ?? aliases.set(target, []).get(target)!).push(key);
  }
  return { rows, aliases };
}

interface StoreVersion {
  readonly file: string;
  readonly folder: string;
  readonly limits: Limits;
}

function packageOf(
  { name: key, data }: FoundEntry,
  aliases: readonly string[],
  store: StoreVersion,
): CacheItem {
  const [, integrity = '', name = '', version = ''] = KEY.exec(key) ?? [];
  const sri = sriOf(integrity);
  if (sri === undefined) return notComparable(store.file, OTHER_KEY, STORE_REMEDY);
  return storePackage({
    ...store,
    locked: { name, version, integrity: sri },
    index: () => indexedPackage(data, 'msgpack', tarIntegrities(aliases, `${name}@${version}`)),
  });
}

/** An alias that names another package is no integrity of these files. It becomes an empty text, which no archive has. */
function tarIntegrities(aliases: readonly string[], id: string): string[] {
  return aliases.map((key) => {
    const [integrity = '', keyId = ''] = key.split('\t');
    return keyId === id ? integrity : '';
  });
}
