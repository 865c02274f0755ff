/* Lists the files in the folder of an unpacked package. It follows no link. */
import { lstatSync, readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { digestOfFile } from '@tarwarden/host';
import type { UnpackedFile, UnpackedFiles } from '@tarwarden/core/trees';

/** Entries of one package that are listed. Archives have no more than 50,000. */
const ENTRIES_MAX = 100_000;

/** Levels of folders. */
const DEPTH_MAX = 128;

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

/** The files of a folder with their hashes. Undefined if it has anything but files and folders, or a file that cannot be read. */
export function folderTree(folder: string, skip: SkipPath): UnpackedFiles | undefined {
  const { files, links, others, isCut } = folderFiles(folder, skip);
  if (links.length > 0 || others.length > 0 || isCut) return undefined;
  const tree = new Map<string, UnpackedFile>();
  for (const path of files) {
    const sha512 = digestOfFile(join(folder, path), 'sha512');
    if (sha512 === undefined) return undefined;
    const { mode } = lstatSync(join(folder, path));
    tree.set(path, { sha512, executable: (mode & 0o111) !== 0 });
  }
  return tree;
}

function kindOf(entry: Dirent): EntryKind {
  if (entry.isDirectory()) return 'folder';
  if (entry.isSymbolicLink()) return 'link';
  return entry.isFile() ? 'file' : 'other';
}
