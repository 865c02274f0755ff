/** The one tree that every extractor has to make of an accepted archive. */
import { createHash, type Hash } from 'node:crypto';
import { posix } from 'node:path';
import { DEFAULT_LIMITS, type Format } from '@tarwarden/core';
import { Typeflag, type Entry } from '@tarwarden/core/containers';
import { formatOf } from '@tarwarden/core/formats';

/** One file or link of a tree. Folders are not listed: the paths show them. */
export type TreeFile =
  | { readonly path: string; readonly executable: boolean; readonly sha512: string }
  | { readonly path: string; readonly link: string };

export interface SuiteTree {
  /** The folder that the clients of the format leave out of the paths. Empty if they leave out none. */
  readonly folder: string;
  /** Sorted by path. The paths are as in the archive, without `.` components. */
  readonly files: readonly TreeFile[];
}

interface OpenFile {
  readonly path: string;
  readonly executable: boolean;
  readonly hash: Hash;
}

/** Reads the tree of an accepted archive with the reader of its format. */
export function suiteTree(format: Format, bytes: Buffer): SuiteTree {
  const files = new Map<string, TreeFile>();
  let open: OpenFile | undefined;
  const close = (): void => {
    if (open === undefined) return;
    const { path, executable, hash } = open;
    files.set(path, { path, executable, sha512: hash.digest('hex') });
    open = undefined;
  };
  const add = (entry: Entry, spelled: string | undefined): boolean => {
    close();
    const path = posix.normalize(spelled ?? entry.path);
    if (entry.typeflag === Typeflag.Directory) return false;
    if (entry.typeflag === Typeflag.Symlink) {
      files.set(path, { path, link: entry.linkpath });
      return false;
    }
    if (entry.typeflag === Typeflag.Hardlink) {
      const target = files.get(posix.normalize(entry.linkpath));
      if (target === undefined) throw new Error(`${path} is linked to a file that is missing`);
      files.set(path, { ...target, path });
      return false;
    }
    const executable = entry.mode > 0 && (entry.mode & 0o100) !== 0;
    open = { path, executable, hash: createHash('sha512') };
    return true;
  };
  formatOf(format).read(
    bytes,
    {
      entry: add,
      body: (piece) => void open?.hash.update(piece),
      anomaly: () => undefined,
      enough: () => false,
    },
    { limits: DEFAULT_LIMITS },
  );
  close();
  const sorted = [...files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { folder: folderOf(format, sorted), files: sorted };
}

/** How many first components of a path belong to the folder that clients leave out. */
const FOLDER_PARTS: Readonly<Partial<Record<Format, number>>> = {
  npm: 1,
  sdist: 1,
  'yarn-zip': 2,
};

function folderOf(format: Format, files: readonly TreeFile[]): string {
  const [first] = files;
  if (first === undefined) return '';
  if (format === 'gomod') return /^.*?@[^/]*/.exec(first.path)?.[0] ?? '';
  return first.path
    .split('/')
    .slice(0, FOLDER_PARTS[format] ?? 0)
    .join('/');
}
