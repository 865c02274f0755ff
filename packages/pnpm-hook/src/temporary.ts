/*
 * Tarballs that were judged and are still to be unpacked. They wait in memory, past a bound in private files; pnpm gets
 * them as files. Those are gone as soon as pnpm has read them: pnpm 12 kills its worker without a word. Synchronously,
 * which costs a quarter of what a round through the thread pool for each step does.
 */
import { mkdtempSync, rmdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRunFolder, prefixOf } from './run-folder.ts';

/** Bytes that wait in memory. */
const MEMORY_BYTES_MAX = 64 * 1024 * 1024;

let inMemory = 0;
let folder: string | undefined;
let parent: string | undefined;
/** Files that are there now, and files that were ever there. */
let files = 0;
let made = 0;

function privateFolder(): string {
  if (folder !== undefined) return folder;
  if (parent === undefined) {
    parent = openRunFolder() ?? tmpdir();
    process.once('exit', removeFolder);
  }
  // 0700, whatever the umask.
  folder = mkdtempSync(join(parent, prefixOf(process.pid)));
  return folder;
}

function removeFolder(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
}

/** Judged bytes, in memory or in a file that only this user can read. */
export class Waiting {
  #bytes: Buffer | undefined;
  #path: string | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    inMemory += bytes.length;
    if (inMemory > MEMORY_BYTES_MAX) this.file();
  }

  /** Path of a new file with the bytes. */
  file(): string {
    const bytes = this.#bytes;
    if (bytes === undefined) {
      if (this.#path === undefined) throw new TypeError('these bytes were used already');
      return this.#path;
    }
    made += 1;
    const path = join(privateFolder(), `${made}.tgz`);
    files += 1;
    this.#path = path;
    this.#release();
    writeFileSync(path, bytes, { mode: 0o600, flag: 'wx' });
    return path;
  }

  /** Gives the bytes up. */
  discard(): void {
    this.#release();
    if (this.#path === undefined) return;
    try {
      unlinkSync(this.#path);
      files -= 1;
      if (files === 0 && folder !== undefined) rmdirSync(folder);
      if (files === 0) folder = undefined;
    } catch {
      // Gone already, or not ours to remove any more: the folder goes as a whole when the process ends.
    }
    this.#path = undefined;
  }

  #release(): void {
    inMemory -= this.#bytes?.length ?? 0;
    this.#bytes = undefined;
  }
}
