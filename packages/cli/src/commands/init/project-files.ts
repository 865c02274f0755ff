import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { quote } from '@tarwarden/core/text';
import { isMissing, readBounded } from '@tarwarden/guard';
import {
  applyChanges,
  notWritten,
  reasonOf,
  removeEmptiedFolders,
  type FileChange,
} from '../../edit/file-changes.ts';

/** The most bytes of a file that is read. The largest file that init writes has a tenth of them. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;

/** The files of a project that may be changed. They are regular files, and no link leads to them. Paths are below the root, with `/`. */
export class ProjectFiles {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /**
   * The bytes of a file. Undefined if there is none.
   * @throws TarwardenError if a link or something else is in the way.
   */
  read(path: string): Buffer | undefined {
    if (!this.#isFile(path)) return undefined;
    try {
      const options = { bytesMax: FILE_BYTES_MAX, follow: false };
      const { bytes } = readBounded(join(this.root, path), options);
      if (bytes === undefined) throw untouched(path, 'it is too large');
      return bytes;
    } catch (error) {
      if (error instanceof TarwardenError) throw error;
      throw untouched(path, reasonOf(error));
    }
  }

  /** The text of a file, with its byte order mark. Null if it is not UTF-8. */
  readText(path: string): string | null | undefined {
    const bytes = this.read(path);
    if (bytes === undefined) return undefined;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return null;
    }
  }

  /** The change of a file from its bytes now to others. */
  change(path: string, after: Buffer | undefined): FileChange {
    return { path, real: join(this.root, path), before: this.read(path), after };
  }

  /** Makes the changes, if the files have not changed meanwhile. */
  apply(changes: readonly FileChange[]): void {
    applyChanges(changes, ({ path }) => this.read(path));
    removeEmptiedFolders(changes, this.root);
  }

  #isFile(path: string): boolean {
    const parts = path.split('/');
    for (const index of parts.keys()) {
      const part = parts.slice(0, index + 1).join('/');
      const stat = this.#lstat(part);
      if (stat === undefined) return false;
      const isLast = index === parts.length - 1;
      if (stat.isSymbolicLink()) throw untouched(part, 'it is a link');
      if (isLast ? !stat.isFile() : !stat.isDirectory())
        throw untouched(part, isLast ? 'it is not a regular file' : 'it is not a folder');
    }
    return true;
  }

  #lstat(path: string): ReturnType<typeof lstatSync> | undefined {
    try {
      return lstatSync(join(this.root, path));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw untouched(path, reasonOf(error));
    }
  }
}

function untouched(path: string, why: string): TarwardenError {
  return notWritten(`${quote(path)}: ${why}; nothing was written`);
}

export interface SetUpPlan {
  readonly changes: readonly FileChange[];
  /** Lines about files that stay as they are. */
  readonly kept: readonly string[];
  /** Lines about steps for the user. With one of them, the exit code is not 0. */
  readonly byHand: readonly string[];
  /** Files without which a clone of the repository is not guarded, or fails. */
  readonly committed: readonly string[];
}

export const NOTHING: SetUpPlan = { changes: [], kept: [], byHand: [], committed: [] };

/** A plan that leaves everything to the user. */
export function byHand(...lines: readonly string[]): SetUpPlan {
  return { ...NOTHING, byHand: lines };
}

/** The digest as `sha512sum` prints it. */
export function sha512(bytes: Uint8Array): string {
  return createHash('sha512').update(bytes).digest('hex');
}
