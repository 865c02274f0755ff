/*
 * Tarballs that were judged and are still to be unpacked. They wait in memory, past a bound in private files; pnpm gets
 * them as files. Those are gone as soon as pnpm has read the last of them: pnpm 12 kills its worker without a word.
 * Synchronously, which costs a quarter of what a round through the thread pool for each step does.
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
import { isUnwritable } from '@tarwarden/host';
import { makeTemporaryFolder } from '@tarwarden/guarded-run';
import { HookError, reasonOf } from './messages.ts';
import { openRunFolder, prefixOf } from './run-folder.ts';

/** Bytes that may wait in memory. */
const MEMORY_BYTES_MAX = 64 * 1024 * 1024;

let inMemory = 0;
/** Our folders with files that pnpm is still to read; new ones go to the last. */
const folders: string[] = [];
let removes = false;
/** Files that pnpm is still to read, and names that were ever given out: none a second time. */
let used = 0;
let named = 0;
/** Files of the last folder that pnpm has read. */
const spare: string[] = [];
/** As many as pnpm unpacks at once. */
const SPARE_MAX = 64;

function privateFolder(): string {
  const last = folders.at(-1);
  if (last !== undefined) return last;
  if (!removes) process.once('exit', removeFolders);
  removes = true;
  const parent = openRunFolder();
  if (parent === undefined) return elsewhere(0);
  // 0700, whatever the umask.
  const made = mkdtempSync(join(parent, prefixOf(process.pid)));
  folders.push(made);
  return made;
}

/** A folder outside the cache that has room. */
function elsewhere(bytes: number): string {
  try {
    const { path, reserve } = makeTemporaryFolder({ prefix: 'tarwarden-pnpm-', bytes });
    rmSync(reserve, { force: true });
    folders.push(path);
    return path;
  } catch (error) {
    const why = `what was judged cannot be handed to pnpm, so it is not installed: ${reasonOf(error)}`;
    throw new HookError('NOT_INSPECTED', why, { cause: error });
  }
}

/** The cache may be full, read-only or over its quota. What was judged is not refused for that. */
function write(bytes: Buffer): string {
  named += 1;
  const name = `${named}.tgz`;
  try {
    return writeBelow(privateFolder(), name, bytes);
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    for (const old of spare.splice(0)) rmSync(old, { force: true });
    const path = join(elsewhere(bytes.length), name);
    writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' });
    return path;
  }
}

function writeBelow(own: string, name: string, bytes: Buffer): string {
  const path = join(own, name);
  const old = spare.pop();
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

function giveBack(path: string): void {
  used -= 1;
  try {
    if (used === 0) removeFolders();
    else if (spare.length < SPARE_MAX && dirname(path) === folders.at(-1)) spare.push(path);
    else unlinkSync(path);
  } catch {
    // Gone already, or not ours to remove any more: the folder goes as a whole when the process ends.
  }
}

function removeFolders(): void {
  spare.length = 0;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Bytes that wait in memory. */
export function waitingBytes(): number {
  return inMemory;
}

/** Judged bytes, in memory or in a file that only this user can read. */
export class Waiting {
  #bytes: Buffer | undefined;
  #path: string | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    inMemory += bytes.length;
    if (inMemory <= MEMORY_BYTES_MAX) return;
    try {
      this.file();
    } catch {
      // Where nothing can be written they stay, until pnpm has to have them in a file.
    }
  }

  /**
   * Path of a new file with the bytes.
   * @throws HookError where no file can be written.
   */
  file(): string {
    const bytes = this.#bytes;
    if (bytes === undefined) {
      if (this.#path === undefined) throw new TypeError('these bytes were used already');
      return this.#path;
    }
    const path = write(bytes);
    used += 1;
    this.#path = path;
    this.#release();
    return path;
  }

  /** Gives the bytes up. */
  discard(): void {
    this.#release();
    if (this.#path === undefined) return;
    giveBack(this.#path);
    this.#path = undefined;
  }

  #release(): void {
    inMemory -= this.#bytes?.length ?? 0;
    this.#bytes = undefined;
  }
}
