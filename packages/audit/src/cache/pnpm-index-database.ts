/* The index of pnpm 11 and newer: rows of a database. Each row is an index in MessagePack. */
import { join } from 'node:path';
import { Unpackr } from 'msgpackr/unpack';
import type { Limits } from '@tarwarden/core/limits';
import { sriOf } from '@tarwarden/lockfiles';
import { notComparable, type CacheItem } from './cached.ts';
import { STORE_REMEDY, storePackage, type IndexEntry, type StoreIndex } from './pnpm-package.ts';
import { readStoreDatabase, type StoreRow } from './store-database.ts';

/** Integrity of the archive, name and version: `sha512-…\t@scope/name@1.0.0`. */
const KEY = /^(\S+)\t((?:@[^/@\s]+\/)?[^/@\s]+)@(\d[^@()\s]*)$/;

const OTHER_KEY =
  'this index of pnpm’s store is that of a git repository or an address, which is not downloaded again';
const NO_BYTES = 'this index of pnpm’s store is larger than any package needs, and is not read';

/** @param folder The folder of one version of the store. */
export function packagesOfDatabase(folder: string, limits: Limits): CacheItem[] {
  const file = join(folder, 'index.db');
  const read = readStoreDatabase(file);
  if (read === undefined) return [];
  if ('problem' in read) return [notComparable(file, read.problem, read.remedy ?? STORE_REMEDY)];
  const aliases = new Map<string, string[]>();
  for (const { key, target } of read.aliases)
    (aliases.get(target) ?? aliases.set(target, []).get(target)!).push(key);
  return read.rows.map((row) =>
    packageOf(row, aliases.get(row.key) ?? [], { file, folder, limits }),
  );
}

interface StoreVersion {
  readonly file: string;
  readonly folder: string;
  readonly limits: Limits;
}

function packageOf(
  { key, data }: StoreRow,
  aliases: readonly string[],
  store: StoreVersion,
): CacheItem {
  const [, integrity = '', name = '', version = ''] = KEY.exec(key) ?? [];
  const sri = sriOf(integrity);
  if (sri === undefined) return notComparable(store.file, OTHER_KEY, STORE_REMEDY);
  if (data === undefined) return notComparable(store.file, NO_BYTES, STORE_REMEDY);
  return storePackage({
    ...store,
    locked: { name, version, integrity: sri },
    index: () => indexOf(data, tarIntegrities(aliases, `${name}@${version}`)),
  });
}

/** An alias that names another package is no integrity of these files. It becomes an empty text, which no archive has. */
function tarIntegrities(aliases: readonly string[], id: string): string[] {
  return aliases.map((key) => {
    const [integrity = '', keyId = ''] = key.split('\t');
    return keyId === id ? integrity : '';
  });
}

/** Undefined if the bytes are not an index. */
export function indexOf(data: Uint8Array, aliases: readonly string[] = []): StoreIndex | undefined {
  try {
    // Each row needs an Unpackr of its own, because it keeps the record types that it reads.
    const row: unknown = new Unpackr({ useRecords: true }).unpack(data);
    const manifest = valueOf(row, 'manifest');
    const [name, version] = [valueOf(manifest, 'name'), valueOf(manifest, 'version')];
    const files = valueOf(row, 'files');
    const tar = valueOf(row, 'tarIntegrity');
    if (typeof name !== 'string' || typeof version !== 'string') return undefined;
    if (valueOf(row, 'algo') !== 'sha512' || !(files instanceof Map)) return undefined;
    return {
      name,
      version,
      entries: Array.from(files as Map<unknown, unknown>, entryOf),
      isBuilt: isFilled(valueOf(row, 'sideEffects')),
      tarIntegrities: [
        ...aliases,
        ...(tar === undefined ? [] : [typeof tar === 'string' ? tar : '']),
      ],
    };
  } catch {
    return undefined;
  }
}

function entryOf([path, file]: readonly [unknown, unknown]): IndexEntry {
  const digest = valueOf(file, 'digest');
  if (typeof path !== 'string' || typeof digest !== 'string' || !/^[0-9a-f]{128}$/.test(digest))
    throw new TypeError('not a file of the store');
  const hash = Buffer.from(digest, 'hex').toString('base64');
  return { path, hash, executable: (Number(valueOf(file, 'mode')) & 0o111) !== 0 };
}

/** The value under a key of a record or a map. */
function valueOf(from: unknown, key: string): unknown {
  if (from instanceof Map) return (from as Map<unknown, unknown>).get(key);
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, key)) return undefined;
  return (from as Record<string, unknown>)[key] ?? undefined;
}

function isFilled(value: unknown): boolean {
  return value instanceof Map ? value.size > 0 : Object.keys(value ?? {}).length > 0;
}
