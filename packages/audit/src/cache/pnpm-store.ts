/*
 * pnpm's store has files by their hash, and an index of each package: no archive. So the archive is downloaded again by the
 * integrity that the index is filed under, inspected, and compared with the index and with the files.
 */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Limits } from '@tarwarden/core/limits';
import { readBounded } from '@tarwarden/host';
import { sriOfHex } from '@tarwarden/lockfiles';
import type { Obtained } from '../bytes/source.ts';
import { archiveFiles } from '../compare/archive-files.ts';
import { describeDifferences, listDifferences } from '../compare/differences.ts';
import { hashOfFile } from '../compare/folder-files.ts';
import type { Check } from '../result.ts';
import { cached, differs, notComparable, type Cached } from './cached.ts';
import { filesIn, foldersIn } from './folder-entries.ts';

/** Bytes of one index; packages of 50,000 files have some 12 MB. */
const INDEX_BYTES_MAX = 32 * 1024 * 1024;

const DATABASE =
  'the index of this store, of pnpm 11 and newer, is a database that is not read here: nothing is known of what is in the store';
const REMEDY =
  'audit the lockfiles of your projects; where the store is in doubt, remove it and install under the guard';

export function pnpmPackages(store: string, limits: Limits): Cached[] {
  return foldersIn(store).flatMap((version) => {
    const folder = join(store, version);
    if (/^v\d+$/.test(version) && Number(version.slice(1)) >= 11)
      return [notComparable(folder, DATABASE, REMEDY)];
    // pnpm 8 and 9 have indexes among the files, under the whole hash; pnpm 10 apart, under half of it and the name.
    const [indexes, pattern] =
      version === 'v10'
        ? [join(folder, 'index'), /^([0-9a-f]{62})-.+\.json$/]
        : [join(folder, 'files'), /^([0-9a-f]{126})-index\.json$/];
    return foldersIn(indexes).flatMap((start) =>
      filesIn(join(indexes, start)).flatMap((name) => {
        const rest = pattern.exec(name)?.[1];
        const file = join(indexes, start, name);
        return rest === undefined ? [] : [packageOf({ file, folder, hex: start + rest, limits })];
      }),
    );
  });
}

interface IndexFile {
  readonly file: string;
  /** Of the store's version. */
  readonly folder: string;
  /** SHA-512 of the tarball, or the first half of it. */
  readonly hex: string;
  readonly limits: Limits;
}

interface IndexEntry {
  readonly path: string;
  readonly hash: string;
  readonly executable: boolean;
}

function packageOf({ file, folder, hex, limits }: IndexFile): Cached {
  const index = readIndex(file);
  if (index === undefined)
    return notComparable(file, 'this index of pnpm’s store cannot be read', REMEDY);
  const { name, version, entries } = index;
  const integrity = sriOfHex('sha512', hex);
  const compare = ({ bytes, format }: Obtained): Check[] => {
    if (!hash('sha512', bytes).startsWith(hex))
      return differs(
        'what pnpm’s store has',
        'it was made of another archive than the registry has',
      );
    const files = archiveFiles(bytes, format, limits);
    const listed = new Map(entries.map((one) => [one.path, one.hash]));
    const found = listDifferences(files, listed);
    const kinds = ['changed', 'missing', 'added'] as const;
    return [
      ...differs('the index of pnpm’s store', describeDifferences(found, kinds)),
      ...differs('a file of pnpm’s store', damaged(folder, entries)),
    ];
  };
  return cached({
    kind: 'pnpm-lock',
    file,
    folder,
    locked: {
      name,
      version,
      source: { type: 'registry' },
      ...(integrity !== undefined && { integrity }),
    },
    compare,
  });
}

function readIndex(
  file: string,
): { name: string; version: string; entries: IndexEntry[] } | undefined {
  try {
    const { bytes } = readBounded(file, { bytesMax: INDEX_BYTES_MAX, follow: false });
    const { name, version, files } = JSON.parse(bytes?.toString('utf8') ?? 'null') as {
      name?: unknown;
      version?: unknown;
      files?: Record<string, { integrity?: unknown; mode?: unknown }>;
    };
    if (typeof name !== 'string' || typeof version !== 'string' || files === undefined)
      return undefined;
    const entries = Object.entries(files).map(([path, { integrity, mode }]) => ({
      path,
      hash: String(integrity).replace(/^sha512-/, ''),
      executable: (Number(mode) & 0o111) !== 0,
    }));
    return { name, version, entries };
  } catch {
    return undefined;
  }
}

/** Files of the store whose content is not that of their name. pnpm fetches again what is missing. */
function damaged(folder: string, entries: readonly IndexEntry[]): string | undefined {
  const changed = entries.filter(({ hash: wanted, executable }) => {
    const hex = Buffer.from(wanted, 'base64').toString('hex');
    const name = `${hex.slice(2)}${executable ? '-exec' : ''}`;
    const found = hashOfFile(join(folder, 'files', hex.slice(0, 2), name));
    return found !== undefined && found !== wanted;
  });
  const none = { missing: [], added: [], links: [], isCut: false };
  return describeDifferences({ ...none, changed: changed.map(({ path }) => path) }, ['changed']);
}
