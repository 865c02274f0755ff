import { lstatSync, mkdirSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { quote } from '@tarwarden/core/text';
import { errnoOf, isMissing, readBounded, replaceFile } from '@tarwarden/host';

/** Bytes of a file that is read. The largest that is written is a tenth of it. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;

/** What becomes of one file. Paths are below the project's root, with `/`. */
export interface FileChange {
  readonly path: string;
  /** Undefined where nothing is. */
  readonly before: Buffer | undefined;
  /** Undefined where nothing is to be. */
  readonly after: Buffer | undefined;
}

/** The files of a project that may be changed: regular ones, to which no link leads. */
export class ProjectFiles {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** The bytes of a file; undefined where nothing is. Throws where a link or something else is in the way. */
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

  /** The text of a file; null where it is not UTF-8. Its byte order mark stays. */
  readText(path: string): string | null | undefined {
    const bytes = this.read(path);
    if (bytes === undefined) return undefined;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return null;
    }
  }

  /** Makes the changes, if the files still are what they were. */
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

  /** Folders that hold nothing any more, up to the root. */
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
