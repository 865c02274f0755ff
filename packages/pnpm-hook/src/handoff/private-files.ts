/*
 * Short-lived files that only this user can read. All are removed when the last one is given back, because pnpm 12 kills its worker
 * without a signal. Synchronous calls take a quarter of the time of the thread pool.
 *
 * While others are in use, a file that pnpm has read is renamed and overwritten, in 0.03 ms. A new file takes ext4 up to 0.7 ms if many
 * files were deleted in the minutes before, for instance by `rm -rf node_modules`.
 */
import {
  closeSync,
  constants,
  ftruncateSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { makeTemporaryFolder } from '@tarwarden/guard/run';
import { isUnwritable } from '@tarwarden/guard';
import { reasonOf, notInspectedError } from '../messages.ts';
import { openRunFolder, prefixOf } from './run-folder.ts';

/** The most files to reuse: as many as pnpm unpacks at once. */
const SPARE_MAX = 64;

export class PrivateFiles {
  /** Our folders with files that pnpm will read. New files go into the last folder. */
  readonly #folders: string[] = [];
  /** Files of the last folder that pnpm has read. */
  readonly #spare: string[] = [];
  #removes = false;
  /** The number of files that pnpm will read, and the number of names so far: no name is used twice. */
  #usedCount = 0;
  #nameCount = 0;

  /**
   * Writes a new file and returns its path. If the cache is full, read-only or over its quota, it uses another folder.
   * @throws HookError if no file can be written anywhere.
   */
  write(bytes: Buffer): string {
    this.#nameCount += 1;
    const path = this.#write(`${this.#nameCount}.tgz`, bytes);
    this.#usedCount += 1;
    return path;
  }

  /** A file that is not needed any more. */
  giveBack(path: string): void {
    this.#usedCount -= 1;
    try {
      if (this.#usedCount === 0) this.#removeFolders();
      else if (this.#spare.length < SPARE_MAX && dirname(path) === this.#folders.at(-1))
        this.#spare.push(path);
      else unlinkSync(path);
    } catch {
      // It is gone, or cannot be removed. The whole folder is removed when the process ends.
    }
  }

  #write(name: string, bytes: Buffer): string {
    try {
      return this.#writeBelow(this.#folder(), name, bytes);
    } catch (error) {
      if (!isUnwritable(error)) throw error;
      for (const old of this.#spare.splice(0)) rmSync(old, { force: true });
      const path = join(this.#elsewhere(bytes.length), name);
      writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' });
      return path;
    }
  }

  #writeBelow(folder: string, name: string, bytes: Buffer): string {
    const path = join(folder, name);
    const old = this.#spare.pop();
    if (old === undefined) {
      writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' });
      return path;
    }
    renameSync(old, path);
    const fd = openSync(path, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      writeFileSync(fd, bytes);
      ftruncateSync(fd, bytes.length);
    } finally {
      closeSync(fd);
    }
    return path;
  }

  #folder(): string {
    const lastFolder = this.#folders.at(-1);
    if (lastFolder !== undefined) return lastFolder;
    if (!this.#removes) process.once('exit', () => this.#removeFolders());
    this.#removes = true;
    const parent = openRunFolder();
    if (parent === undefined) return this.#elsewhere(0);
    // mkdtemp uses mode 0700 for every umask.
    const folder = mkdtempSync(join(parent, prefixOf(process.pid)));
    this.#folders.push(folder);
    return folder;
  }

  /** A folder outside the cache that has room. */
  #elsewhere(bytes: number): string {
    try {
      const { path, reserve } = makeTemporaryFolder({ prefix: 'tarwarden-pnpm-', bytes });
      rmSync(reserve, { force: true });
      this.#folders.push(path);
      return path;
    } catch (error) {
      const why = `what was inspected cannot be handed to pnpm, so it is not installed: ${reasonOf(error)}`;
      throw notInspectedError(why, { cause: error });
    }
  }

  #removeFolders(): void {
    this.#spare.length = 0;
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}

const MEMORY_BYTES_MAX = 64 * 1024 * 1024;

/** Inspected tarballs that wait for pnpm to unpack them. They are in memory, or in private files if they are too large. pnpm gets files. */
export class WaitingTarballs {
  readonly #shared: WaitingState = { files: new PrivateFiles(), inMemory: 0 };

  get inMemory(): number {
    return this.#shared.inMemory;
  }

  keep(bytes: Buffer): Waiting {
    return new Waiting(bytes, this.#shared);
  }
}

interface WaitingState {
  readonly files: PrivateFiles;
  inMemory: number;
}

/** Inspected bytes, in memory or in a file that only this user can read. */
class Waiting {
  readonly #shared: WaitingState;
  #bytes: Buffer | undefined;
  #path: string | undefined;

  constructor(bytes: Buffer, shared: WaitingState) {
    this.#bytes = bytes;
    this.#shared = shared;
    shared.inMemory += bytes.length;
    if (shared.inMemory <= MEMORY_BYTES_MAX) return;
    try {
      this.file();
    } catch {
      // If no file can be written, the bytes stay in memory until pnpm needs them in a file.
    }
  }

  /**
   * Path of a new file with the bytes.
   * @throws HookError if no file can be written.
   */
  file(): string {
    const bytes = this.#bytes;
    if (bytes === undefined) {
      if (this.#path === undefined) throw new TypeError('these bytes were used already');
      return this.#path;
    }
    this.#path = this.#shared.files.write(bytes);
    this.#release();
    return this.#path;
  }

  discard(): void {
    this.#release();
    if (this.#path === undefined) return;
    this.#shared.files.giveBack(this.#path);
    this.#path = undefined;
  }

  #release(): void {
    this.#shared.inMemory -= this.#bytes?.length ?? 0;
    this.#bytes = undefined;
  }
}

export type { Waiting };
