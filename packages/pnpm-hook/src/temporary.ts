/*
 * Tarballs that were judged and are still to be unpacked. They wait in memory, past a bound in private files; pnpm gets
 * them as files. Those are gone as soon as pnpm has read them: pnpm 12 kills its worker without a word.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRunFolder, prefixOf } from './run-folder.ts';

/** Bytes that wait in memory. */
const MEMORY_BYTES_MAX = 64 * 1024 * 1024;

let inMemory = 0;
let folder: string | undefined;
let files = 0;

function privateFolder(): string {
  if (folder !== undefined) return folder;
  // 0700, whatever the umask.
  folder = mkdtempSync(join(openRunFolder() ?? tmpdir(), prefixOf(process.pid)));
  process.once('exit', removeFolder);
  return folder;
}

function removeFolder(): void {
  process.removeListener('exit', removeFolder);
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
}

/** Judged bytes, in memory or in a file that only this user can read. */
export class Waiting {
  #bytes: Buffer | undefined;
  #path: string | undefined;

  private constructor(bytes: Buffer) {
    this.#bytes = bytes;
    inMemory += bytes.length;
  }

  static async of(bytes: Buffer): Promise<Waiting> {
    const waiting = new Waiting(bytes);
    if (inMemory > MEMORY_BYTES_MAX) await waiting.file();
    return waiting;
  }

  /** Path of a new file with the bytes. */
  async file(): Promise<string> {
    const bytes = this.#bytes;
    if (bytes === undefined) {
      if (this.#path === undefined) throw new TypeError('these bytes were used already');
      return this.#path;
    }
    files += 1;
    const path = join(privateFolder(), `${randomBytes(12).toString('hex')}.tgz`);
    this.#path = path;
    this.#release();
    await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
    return path;
  }

  /** Gives the bytes up. */
  async discard(): Promise<void> {
    this.#release();
    if (this.#path === undefined) return;
    await rm(this.#path, { force: true });
    this.#path = undefined;
    files -= 1;
    if (files === 0) removeFolder();
  }

  #release(): void {
    inMemory -= this.#bytes?.length ?? 0;
    this.#bytes = undefined;
  }
}
