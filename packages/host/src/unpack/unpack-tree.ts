import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  rmdirSync,
  unlinkSync,
  type BigIntStats,
} from 'node:fs';
import { MAX_PLACES } from '@tarwarden/core/limits';
import { isErrno } from '../errno.ts';
import { UnpackError } from './unpack-error.ts';
import { isSame, tampered, type Folder, type FileIdentity } from './unpack-folder.ts';

/** Modes of unpacked files; the umask may remove bits. */
const MODE = { folder: 0o755, file: 0o644, executable: 0o755 } as const;

const { O_CREAT, O_EXCL, O_RDONLY, O_WRONLY } = constants;
const NO_FOLLOW: number = constants.O_NOFOLLOW ?? 0;
const BIG = { bigint: true } as const;

interface FolderNode {
  readonly kind: 'folder';
  readonly identity: FileIdentity;
  readonly children: Map<string, Node>;
}

export interface FileNode {
  readonly kind: 'file';
  readonly identity: FileIdentity;
  readonly executable: boolean;
  /** The expected number of bytes. */
  readonly size: number;
}

type Node = FolderNode | FileNode;

interface Step {
  readonly name: string;
  readonly folder: Folder;
  readonly node: FolderNode;
}

/** Files and folders below one folder. The tree makes each of them and knows its identity, so that it notices a replaced one. */
export class UnpackedTree {
  files = 0;
  folders = 0;

  /** The folders from the root to the one used last. */
  readonly #chain: Step[];

  /** Takes over `root`, an empty folder that this process made. */
  constructor(root: Folder) {
    const node: FolderNode = { kind: 'folder', identity: root.identity, children: new Map() };
    this.#chain = [{ name: '', folder: root, node }];
  }

  /** Makes a folder and the missing folders above it. */
  folder(parts: readonly string[]): void {
    this.#enter(parts);
  }

  /** The file at a path; undefined if there is none. */
  find(parts: readonly string[]): FileNode | undefined {
    const { name, node } = this.#above(parts);
    const found = node.children.get(name);
    if (found?.kind === 'folder') throw conflict();
    return found;
  }

  /** Makes a file, which must not exist, and returns a descriptor to write to. The caller closes it. */
  create(parts: readonly string[], file: { executable: boolean; size: number }): number {
    const { name, folder, node } = this.#above(parts);
    this.#count();
    const path = folder.at(name);
    const descriptor = making(() =>
      openSync(
        path,
        O_WRONLY | O_CREAT | O_EXCL | NO_FOLLOW,
        file.executable ? MODE.executable : MODE.file,
      ),
    );
    try {
      const { dev, ino } = fstatSync(descriptor, BIG);
      folder.confirm(name, { dev, ino });
      node.children.set(name, { kind: 'file', identity: { dev, ino }, ...file });
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
    this.files++;
    return descriptor;
  }

  /** Opens a file of this tree to read it again. */
  read(parts: readonly string[], file: FileNode): number {
    const { name, folder } = this.#above(parts);
    const descriptor = openSync(folder.at(name), O_RDONLY | NO_FOLLOW);
    if (isSame(fstatSync(descriptor, BIG), file.identity)) return descriptor;
    closeSync(descriptor);
    throw tampered();
  }

  /** Throws unless the disk holds exactly the files and folders that were made. */
  verify(): void {
    const root = this.#root();
    verify(root.folder, root.node);
  }

  /** Empties the root. Links of other processes are unlinked, not followed; their folders stay unless they are empty. */
  clear(): void {
    const root = this.#root();
    clear(root.folder, root.node);
  }

  close(): void {
    for (const { folder } of this.#chain.splice(0)) folder.close();
  }

  #root(): Step {
    while (this.#chain.length > 1) this.#chain.pop()?.folder.close();
    const root = this.#chain[0];
    if (root === undefined) throw new RangeError('the tree is closed');
    return root;
  }

  /** The last name of a path and its folder, which is made if it is missing. */
  #above(parts: readonly string[]): Step {
    return { ...this.#enter(parts.slice(0, -1)), name: parts.at(-1) ?? '' };
  }

  #enter(parts: readonly string[]): Step {
    let depth = 0;
    while (depth < parts.length && this.#chain[depth + 1]?.name === parts[depth]) depth++;
    while (this.#chain.length > depth + 1) this.#chain.pop()?.folder.close();
    for (const name of parts.slice(depth)) this.#chain.push(this.#step(name));
    return this.#chain.at(-1) ?? this.#root();
  }

  #step(name: string): Step {
    const { folder, node } = this.#chain.at(-1) ?? this.#root();
    const known = node.children.get(name);
    if (known?.kind === 'file') throw conflict();
    if (known !== undefined) return { name, folder: reopen(folder, name, known), node: known };
    this.#count();
    const made = making(() => folder.make(name, MODE.folder));
    const child: FolderNode = { kind: 'folder', identity: made.identity, children: new Map() };
    node.children.set(name, child);
    this.folders++;
    return { name, folder: made, node: child };
  }

  #count(): void {
    if (this.files + this.folders >= MAX_PLACES) {
      throw new UnpackError('NOT_PLAIN', `it names more than ${MAX_PLACES} files and folders`);
    }
  }
}

function conflict(): UnpackError {
  return new UnpackError('NOT_PLAIN', 'one path is a file for one entry and a folder for another');
}

/** Converts the errors of making an entry in a folder that only this process should use. */
function making<Result>(make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    throw new UnpackError(
      'TAMPERED',
      'something is where a file of the archive belongs: another process put it there, or this file system treats two of its names as one',
      { cause: error },
    );
  }
}

function reopen(folder: Folder, name: string, known: FolderNode): Folder {
  const found = folder.open(name);
  if (found !== undefined && isSame(found.identity, known.identity)) return found;
  found?.close();
  throw tampered();
}

// Recurses as deep as the archive's paths, which a limit bounds.
function verify(folder: Folder, node: FolderNode): void {
  if (folder.names().length !== node.children.size) throw tampered();
  for (const [name, child] of node.children) {
    if (child.kind === 'folder') {
      const inner = reopen(folder, name, child);
      try {
        verify(inner, child);
      } finally {
        inner.close();
      }
      continue;
    }
    const stat = folder.look(name);
    if (!isFile(stat, child)) throw tampered();
  }
}

function isFile(stat: BigIntStats | undefined, file: FileNode): boolean {
  return (
    stat?.isFile() === true &&
    isSame(stat, file.identity) &&
    stat.size === BigInt(file.size) &&
    stat.nlink === 1n
  );
}

function clear(folder: Folder, node: FolderNode): void {
  for (const name of folder.names()) {
    const path = folder.at(name);
    const child = node.children.get(name);
    try {
      if (!lstatSync(path).isDirectory()) {
        unlinkSync(path);
        continue;
      }
      if (child?.kind === 'folder') {
        const inner = reopen(folder, name, child);
        try {
          clear(inner, child);
        } finally {
          inner.close();
        }
      }
      rmdirSync(path);
    } catch {
      // Something is left. Then removing the folder above fails, and that is reported.
    }
  }
}
