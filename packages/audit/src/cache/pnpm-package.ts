/*
 * pnpm's store has the files of a package by their hash, and an index, but no archive. So the audit downloads the archive again by the
 * integrity under which the index is filed, inspects it, and compares it with the index and with the files.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Limits } from '@tarwarden/core/limits';
import type { UnpackedFiles } from '@tarwarden/core/trees';
import { digestOfFile } from '@tarwarden/host';
import {
  storeEntryOf,
  UnreadableStoreError,
  type EntryFormat,
  type StoreEntry,
} from '@tarwarden/host/pnpm-store';
import type { LockedPackage } from '@tarwarden/lockfiles';
import type { ObtainedBytes } from '../bytes/source.ts';
import { againstArchive } from '../compare/against-archive.ts';
import { describeDifferences, listDifferences } from '../compare/differences.ts';
import type { Check } from '../result.ts';
import { cacheItem, differs, type CacheItem } from './cached.ts';

export const STORE_REMEDY =
  'audit the lockfiles of your projects; where the store is in doubt, remove it and install under the guard';

/** An entry of the index, and the identity of the package that it is said to be. */
export interface IndexedPackage {
  readonly name: string;
  readonly version: string;
  readonly entry: StoreEntry;
  /** Other integrities under which pnpm finds the entry: those of the tar inside the archive. */
  readonly tarIntegrities: readonly string[];
}

/** Undefined if the bytes are not an entry. */
export function indexedPackage(
  data: Uint8Array,
  format: EntryFormat,
  aliases: readonly string[] = [],
): IndexedPackage | undefined {
  try {
    const entry = storeEntryOf(data, format);
    const { manifest, tarIntegrity } = entry;
    const [name, version] = [manifest.get('name'), manifest.get('version')];
    if (typeof name !== 'string' || typeof version !== 'string') return undefined;
    const own = tarIntegrity === undefined ? [] : [tarIntegrity];
    return { name, version, entry, tarIntegrities: [...aliases, ...own] };
  } catch (error) {
    if (error instanceof UnreadableStoreError) return undefined;
    throw error;
  }
}

export interface StorePackage {
  /** The file with the index. */
  readonly file: string;
  /** The folder of one version of the store. */
  readonly folder: string;
  readonly limits: Limits;
  readonly locked: Pick<LockedPackage, 'name' | 'version' | 'integrity'>;
  /** The start of the archive's SHA-512 in hex, if the index is filed under this start alone. */
  readonly hashStart?: string;
  /** Undefined if it cannot be read. */
  readonly index: () => IndexedPackage | undefined;
}

export function storePackage(stored: StorePackage): CacheItem {
  const { file, folder, locked, limits, index, hashStart = '' } = stored;
  const compare = (obtained: ObtainedBytes): readonly Check[] => {
    const { bytes } = obtained;
    const read = index();
    if (read === undefined) return differs(INDEX, 'it cannot be read');
    if (!hash('sha512', bytes).startsWith(hashStart))
      return differs(
        'what pnpm’s store has',
        'it was made of another archive than the registry has',
      );
    const { files: stored, builds } = read.entry;
    const listed = new Map([...stored].map(([path, { sha512 }]) => [path, sha512] as const));
    return [
      ...differs(INDEX, otherName(read, locked)),
      ...againstArchive(obtained, 'pnpm', limits, (files) => {
        const found = listDifferences(files, listed);
        return differs(INDEX, describeDifferences(found, ['changed', 'missing', 'added']));
      }),
      ...differs('a file of pnpm’s store', damaged(folder, stored)),
      ...differs(INDEX, otherTar(read, bytes)),
      ...(builds.length > 0 ? [BUILT] : []),
    ];
  };
  return cacheItem({
    kind: 'pnpm-lock',
    file,
    folder,
    locked: { ...locked, source: { type: 'registry' } },
    compare,
  });
}

const INDEX = 'the index of pnpm’s store';

const BUILT: Check = {
  id: 'cache-mismatch',
  level: 'warning',
  message:
    'the store also has what build scripts made of it, which no archive has: that is not compared',
};

function otherName(
  index: IndexedPackage,
  locked: Pick<LockedPackage, 'name' | 'version'>,
): string | undefined {
  const isSame = index.name === locked.name && index.version === locked.version;
  return isSame ? undefined : 'it is that of another package';
}

/** Names the files of the store whose content does not have the hash in their name. pnpm fetches missing files again. */
function damaged(folder: string, files: UnpackedFiles): string | undefined {
  const changed = [...files].filter(([, { sha512, executable }]) => {
    const name = `${sha512.slice(2)}${executable ? '-exec' : ''}`;
    const found = digestOfFile(join(folder, 'files', sha512.slice(0, 2), name), 'sha512');
    return found !== undefined && found !== sha512;
  });
  const none = { missing: [], added: [], links: [], isCut: false };
  return describeDifferences({ ...none, changed: changed.map(([path]) => path) }, ['changed']);
}

/** @param bytes An accepted archive, whose unpacked size is within the limits. */
function otherTar({ tarIntegrities }: IndexedPackage, bytes: Buffer): string | undefined {
  if (tarIntegrities.length === 0) return undefined;
  const own = `sha512-${hash('sha512', gunzipSync(bytes), 'base64')}`;
  return tarIntegrities.every((integrity) => integrity === own)
    ? undefined
    : 'it is also filed under the integrity of other content';
}
