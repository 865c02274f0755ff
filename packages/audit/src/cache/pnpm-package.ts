/*
 * pnpm's store has the files of a package by their hash, and an index, but no archive. So the audit downloads the archive again by the
 * integrity under which the index is filed, inspects it, and compares it with the index and with the files.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Limits } from '@tarwarden/core/limits';
import type { LockedPackage } from '@tarwarden/lockfiles';
import type { ObtainedBytes } from '../bytes/source.ts';
import { againstArchive } from '../compare/against-archive.ts';
import { describeDifferences, listDifferences } from '../compare/differences.ts';
import { hashOfFile } from '../compare/folder-files.ts';
import type { Check } from '../result.ts';
import { cacheItem, differs, type CacheItem } from './cached.ts';

/** Bytes of one index; packages of 50,000 files have some 12 MB. */
export const INDEX_BYTES_MAX: number = 32 * 1024 * 1024;

export const STORE_REMEDY =
  'audit the lockfiles of your projects; where the store is in doubt, remove it and install under the guard';

export interface ListedFile {
  readonly path: string;
  /** SHA-512 in base64. */
  readonly hash: string;
  readonly executable: boolean;
}

export interface IndexedFiles {
  readonly name: string;
  readonly version: string;
  readonly entries: readonly ListedFile[];
  /** Whether it also lists files that build scripts made. */
  readonly isBuilt: boolean;
  /** Other integrities under which pnpm finds the index: those of the tar inside the archive. */
  readonly tarIntegrities?: readonly string[];
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
  readonly index: () => IndexedFiles | undefined;
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
    const listed = new Map(
      read.entries.map(({ path, hash: content }) => [path, hexOf(content)] as const),
    );
    return [
      ...differs(INDEX, otherName(read, locked)),
      ...againstArchive(obtained, 'pnpm', limits, (files) => {
        const found = listDifferences(files, listed);
        return differs(INDEX, describeDifferences(found, ['changed', 'missing', 'added']));
      }),
      ...differs('a file of pnpm’s store', damaged(folder, read.entries)),
      ...differs(INDEX, otherTar(read, bytes)),
      ...(read.isBuilt ? [BUILT] : []),
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
  index: IndexedFiles,
  locked: Pick<LockedPackage, 'name' | 'version'>,
): string | undefined {
  const isSame = index.name === locked.name && index.version === locked.version;
  return isSame ? undefined : 'it is that of another package';
}

/** Names the files of the store whose content does not have the hash in their name. pnpm fetches missing files again. */
function damaged(folder: string, entries: readonly ListedFile[]): string | undefined {
  const changed = entries.filter(({ hash: wanted, executable }) => {
    const hex = hexOf(wanted);
    const name = `${hex.slice(2)}${executable ? '-exec' : ''}`;
    const found = hashOfFile(join(folder, 'files', hex.slice(0, 2), name));
    return found !== undefined && found !== hex;
  });
  const none = { missing: [], added: [], links: [], isCut: false };
  return describeDifferences({ ...none, changed: changed.map(({ path }) => path) }, ['changed']);
}

function hexOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}

/** @param bytes An accepted archive, whose unpacked size is within the limits. */
function otherTar({ tarIntegrities = [] }: IndexedFiles, bytes: Buffer): string | undefined {
  if (tarIntegrities.length === 0) return undefined;
  const own = `sha512-${hash('sha512', gunzipSync(bytes), 'base64')}`;
  return tarIntegrities.every((integrity) => integrity === own)
    ? undefined
    : 'it is also filed under the integrity of other content';
}
