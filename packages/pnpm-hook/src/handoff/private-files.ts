/*
 * Files for a moment, which only this user can read: gone as soon as the last of them is given back, since pnpm 12 kills its
 * worker without a word. Synchronously, which costs a quarter of what a round through the thread pool for each step does.
 *
 * A file that was read is written anew under another name while others are still needed. To make one takes ext4 up to
 * 0.7 ms where many were deleted in the minutes before, as `rm -rf node_modules` does; this takes 0.03 ms.
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
import { makeTemporaryFolder } from '@tarwarden/guarded-run';
import { isUnwritable } from '@tarwarden/host';
import { reasonOf, notInspectedError } from '../messages.ts';
import { openRunFolder, prefixOf } from './run-folder.ts';

/** As many as pnpm unpacks at once. */
const SPARE_MAX = 64;

export class PrivateFiles {
  /** Our folders with files that pnpm is still to read; new ones go to the last. */
  readonly #folders: string[] = [];
  /** Files of the last folder that pnpm has read. */
  readonly #spare: string[] = [];
  #removes = false;
  /** Files that pnpm is still to read, and names that were ever given out: none a second time. */
  #used = 0;
  #named = 0;

  /**
   * Path of a new file. The cache may be full, read-only or over its quota. What was inspected is not refused for that.
   * @throws HookError where no file can be written anywhere.
   */
  write(bytes: Buffer): string {
    this.#named += 1;
    const path = this.#write(`${this.#named}.tgz`, bytes);
    this.#used += 1;
    return path;
  }

  /** A file that is not needed any more. */
  giveBack(path: string): void {
    this.#used -= 1;
    try {
      if (this.#used === 0) this.#removeFolders();
      else if (this.#spare.length < SPARE_MAX && dirname(path) === this.#folders.at(-1))
        this.#spare.push(path);
      else unlinkSync(path);
    } catch {
      // Gone already, or not ours to remove any more: the folder goes as a whole when the process ends.
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
    const last = this.#folders.at(-1);
    if (last !== undefined) return last;
    if (!this.#removes) process.once('exit', () => this.#removeFolders());
    this.#removes = true;
    const parent = openRunFolder();
    if (parent === undefined) return this.#elsewhere(0);
    // 0700, whatever the umask.
    const made = mkdtempSync(join(parent, prefixOf(process.pid)));
    this.#folders.push(made);
    return made;
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
