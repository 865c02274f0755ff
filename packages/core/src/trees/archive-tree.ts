/* Lists the files of an archive while it is read. */
import { createHash, type Hash } from 'node:crypto';
import { Typeflag, type Entry } from '../containers/entry.ts';
import { packagePath, type TreeLayout } from '../tree/package-path.ts';
import type { TreeClient } from '../finding/tree-client.ts';
import { unpackingOf } from './clients.ts';

/** One file of a package, as a client writes it. */
export interface UnpackedFile {
  /** SHA-512 of the content, in lower-case hex. */
  readonly sha512: string;
  /** Whether somebody may execute it. */
  readonly executable: boolean;
}

/** The files of a package, by their path in the package, with `/`. */
export type UnpackedFiles = ReadonlyMap<string, UnpackedFile>;

const EXECUTE_BITS = 0o111;
/** The path of a module and its version, in a module zip. */
const MODULE_FOLDER = /^[^@]*@[^/]*\//;
const GITIGNORE = /(^|\/)\.gitignore$/;

/** Takes the entries and contents of an archive, in its order, and hashes each file once for all clients. */
export class ArchiveTree {
  readonly #layout: TreeLayout;
  readonly #files = new Map<string, UnpackedFile>();
  #hasLinks = false;
  #hasOtherTypes = false;
  #open: { readonly path: string; readonly executable: boolean; readonly hash: Hash } | undefined;

  constructor(layout: TreeLayout) {
    this.#layout = layout;
  }

  /** Returns whether the content of this entry is needed. */
  entry(entry: Entry): boolean {
    this.#close();
    const { typeflag, mode } = entry;
    const isDirectory = typeflag === Typeflag.Directory;
    const { key } = packagePath(entry, isDirectory, this.#layout);
    if (isDirectory || key === '') return false;
    if (typeflag === Typeflag.Symlink) this.#hasLinks = true;
    else if (typeflag !== Typeflag.File) this.#hasOtherTypes = true;
    else {
      // A mode that is missing has the value -1.
      const executable = mode > 0 && (mode & EXECUTE_BITS) !== 0;
      this.#open = { path: key, executable, hash: createHash('sha512') };
    }
    return this.#open !== undefined;
  }

  /** Takes a piece of the content of the last entry. */
  body(piece: Buffer): void {
    this.#open?.hash.update(piece);
  }

  /**
   * The files that a client writes, after the last entry. Undefined if the archive has links or other entries that this client may
   * write: only an exception of the policy accepts most of them.
   */
  filesFor(client: TreeClient): UnpackedFiles | undefined {
    this.#close();
    const { executable, links, renamesIgnoreFiles, stripsModuleFolder } = unpackingOf(client);
    if (this.#hasOtherTypes || (this.#hasLinks && links === 'written')) return undefined;
    if (executable === 'modes' && renamesIgnoreFiles !== true && stripsModuleFolder !== true)
      return this.#files;
    const files = new Map<string, UnpackedFile>();
    for (const [path, file] of this.#files) {
      let place = stripsModuleFolder === true ? path.replace(MODULE_FOLDER, '') : path;
      if (renamesIgnoreFiles === true && GITIGNORE.test(place)) {
        place = place.replace(GITIGNORE, '$1.npmignore');
        if (this.#files.has(place)) continue;
      }
      files.set(place, executable === 'never' ? { ...file, executable: false } : file);
    }
    return files;
  }

  #close(): void {
    if (this.#open === undefined) return;
    const { path, executable, hash } = this.#open;
    // If two entries have one path, the client keeps the last one.
    this.#files.set(path, { sha512: hash.digest('hex'), executable });
    this.#open = undefined;
  }
}
