import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { quote } from '@tarwarden/core/text';
import { errnoOf, isMissing, readBounded, replaceFile } from '@tarwarden/host';

/** The most bytes of a file that is read. The largest file that init writes has a tenth of them. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;

/** The change of one file. Paths are below the project's root, with `/`. */
export interface FileChange {
  readonly path: string;
  /** Undefined if there is no file. */
  readonly before: Buffer | undefined;
  /** Undefined if the file is removed. */
  readonly after: Buffer | undefined;
}

/** The files of a project that may be changed. They are regular files, and no link leads to them. */
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
    const whole = join(this.root, path);
    try {
      const { bytes } = readBounded(whole, { bytesMax: FILE_BYTES_MAX, follow: false });
      if (bytes === undefined) throw untouched(path, 'it is too large');
      return bytes;
    } catch (error) {
      if (error instanceof TarwardenError) throw error;
      throw untouched(path, errnoOf(error) ?? 'it cannot be read');
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

  /** Makes the changes, if the files have not changed meanwhile. */
  apply(changes: readonly FileChange[]): void {
    for (const { path, before } of changes) {
      const now = this.read(path);
      if (before === undefined ? now !== undefined : now?.equals(before) !== true)
        throw untouched(path, 'it changed meanwhile');
    }
    for (const change of changes) {
      try {
        this.#make(change);
      } catch (error) {
        const { message } = error as Error;
        const why = error instanceof TarwardenError ? message : (errnoOf(error) ?? message);
        throw notDone(change.path, `${why}; what comes before it was done: run this again`, error);
      }
    }
  }

  #make({ path, after }: FileChange): void {
    const whole = join(this.root, path);
    if (after !== undefined) {
      mkdirSync(dirname(whole), { recursive: true });
      replaceFile(whole, after);
      return;
    }
    rmSync(whole, { force: true });
    this.#removeEmpty(dirname(path));
  }

  #isFile(path: string): boolean {
    const parts = path.split('/');
    for (const index of parts.keys()) {
      const part = parts.slice(0, index + 1).join('/');
      const found = this.#lstat(part);
      if (found === undefined) return false;
      const isLast = index === parts.length - 1;
      if (found.isSymbolicLink()) throw untouched(part, 'it is a link');
      if (isLast ? !found.isFile() : !found.isDirectory())
        throw untouched(part, isLast ? 'it is not a regular file' : 'it is not a folder');
    }
    return true;
  }

  #lstat(path: string): ReturnType<typeof lstatSync> | undefined {
    try {
      return lstatSync(join(this.root, path));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw untouched(path, errnoOf(error) ?? 'it cannot be looked at');
    }
  }

  /** Removes empty folders, up to the root. */
  #removeEmpty(folder: string): void {
    for (let at = folder; at !== '.'; at = dirname(at)) {
      try {
        if (readdirSync(join(this.root, at)).length > 0) return;
        rmdirSync(join(this.root, at));
      } catch (error) {
        if (!isMissing(error)) return;
      }
    }
  }
}

function untouched(path: string, why: string): TarwardenError {
  return notDone(path, `${why}; nothing was written`);
}

function notDone(path: string, why: string, cause?: unknown): TarwardenError {
  return new TarwardenError('NOT_WRITTEN', `${quote(path)}: ${why}`, { cause });
}

/** The changes in a project for one manager. */
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

/** The changes that change something. */
export function changesOf(changes: readonly FileChange[]): FileChange[] {
  return changes.filter(({ before, after }) =>
    before === undefined || after === undefined ? before !== after : !before.equals(after),
  );
}

/** The digest as `sha512sum` prints it. */
export function sha512(bytes: Uint8Array): string {
  return createHash('sha512').update(bytes).digest('hex');
}
