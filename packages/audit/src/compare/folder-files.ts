/* Lists the files in the folder of an unpacked package. It follows no link. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  type Dirent,
} from 'node:fs';
import { join } from 'node:path';

/** Entries of one package that are listed. Archives have no more than 50,000. */
const ENTRIES_MAX = 100_000;

/** Levels of folders. */
const DEPTH_MAX = 128;

const PIECE_BYTES = 1024 * 1024;

export interface FolderFiles {
  /** Paths of files, below the folder, with `/`. */
  readonly files: readonly string[];
  /** Symbolic links. */
  readonly links: readonly string[];
  /** Devices, pipes and the like. */
  readonly others: readonly string[];
  /** There are more entries than are listed. */
  readonly isCut: boolean;
}

export type EntryKind = 'file' | 'folder' | 'link' | 'other';

/** Whether a path below the folder does not belong to the package. */
export type SkipPath = (path: string, kind: EntryKind) => boolean;

export function folderFiles(folder: string, skip: SkipPath): FolderFiles {
  const files: string[] = [];
  const links: string[] = [];
  const others: string[] = [];
  const pending = [''];
  let count = 0;
  let isCut = false;
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const entry of readdirSync(join(folder, at), { withFileTypes: true })) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (skip(path, kindOf(entry))) continue;
      count += 1;
      if (entry.isDirectory() && path.split('/').length < DEPTH_MAX) pending.push(path);
      else if (entry.isFile()) files.push(path);
      else if (entry.isSymbolicLink()) links.push(path);
      else others.push(path);
      if (count >= ENTRIES_MAX) {
        isCut = true;
        pending.length = 0;
        break;
      }
    }
  }
  return { files, links, others, isCut };
}

function kindOf(entry: Dirent): EntryKind {
  if (entry.isDirectory()) return 'folder';
  if (entry.isSymbolicLink()) return 'link';
  return entry.isFile() ? 'file' : 'other';
}

/** The SHA-512 of a file in hex. Undefined if it is not a regular file any more. */
export function hashOfFile(path: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    if (!fstatSync(descriptor).isFile()) return undefined;
    const hash = createHash('sha512');
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    for (;;) {
      const read = readSync(descriptor, piece, 0, piece.length, null);
      if (read === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, read));
    }
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}
