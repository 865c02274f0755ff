/* A ledger in a folder: one file to which lines are only added, and the refusals beside it. Several servers may share the folder. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { printablePath } from '@tarwarden/core/text';
import { isMissing, isPrivateDirectory, replaceFile } from '@tarwarden/host';
import { ChainError, LINE_BYTES_MAX } from './chain.ts';
import { LedgerError, type LedgerHome } from './ledger.ts';
import type { RefusalHome } from './refusals.ts';

/** Milliseconds to wait for another server that appends, and after which its lock is that of a server that was killed. */
const LOCK_WAIT = 10_000;
const LOCK_OLD = 30_000;
/** Milliseconds between two tries to lock. */
const LOCK_PAUSE = 20;
/** The most bytes that are read at once. A line has to fit in. */
const READ_BYTES = 8 * 1024 * 1024;
const NEWLINE = 0x0a;

interface LinesAt {
  readonly lines: readonly string[];
  readonly offset: number;
}

export class FolderHome implements LedgerHome {
  readonly #path: string;
  readonly #lock: string;
  readonly refusals: RefusalHome;
  /** Where a line begins in the file: the line that was asked for last. */
  #known = { number: 1, offset: 0 };

  private constructor(folder: string) {
    this.#path = join(folder, 'events.ndjson');
    this.#lock = join(folder, 'events.lock');
    this.refusals = new FolderRefusals(folder);
  }

  static async open(folder: string): Promise<FolderHome> {
    await mkdir(join(folder, 'refusals'), { recursive: true, mode: 0o700 });
    if (!isPrivateDirectory(folder))
      throw new LedgerError(
        `${printablePath(folder)} must be a folder of the user who runs the server, to which nobody else can write: others could approve everything`,
      );
    return new FolderHome(folder);
  }

  async read(from: number): Promise<readonly string[]> {
    return (await this.#readAt(from)).lines;
  }

  /** Complete lines from a number on, and where the first of them begins, or would begin, in the file. */
  async #readAt(from: number): Promise<LinesAt> {
    const known = this.#known.number <= from ? this.#known : { number: 1, offset: 0 };
    let { number, offset } = known;
    for (;;) {
      const { lines, bytes } = await this.#linesAt(offset);
      const skipped = lines.slice(0, from - number);
      if (lines.length === 0 || skipped.length < lines.length) {
        offset += skipped.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
        const rest = lines.slice(skipped.length);
        if (rest.length > 0) this.#known = { number: from, offset };
        return { lines: rest, offset };
      }
      number += lines.length;
      offset += bytes;
    }
  }

  /** Complete lines. A last line without its line feed was never written completely, and is no event. */
  async #linesAt(offset: number): Promise<{ lines: string[]; bytes: number }> {
    const chunk = await this.#bytesAt(offset);
    const end = chunk.lastIndexOf(NEWLINE);
    if (end < 0 && chunk.length > LINE_BYTES_MAX)
      throw new ChainError('a line of the ledger is too long');
    const whole = chunk.subarray(0, end + 1);
    const text = whole.toString('utf8');
    if (Buffer.byteLength(text) !== whole.length)
      throw new ChainError('a line of the ledger is not UTF-8');
    const lines = text.split('\n');
    lines.pop();
    return { lines, bytes: whole.length };
  }

  async #bytesAt(offset: number): Promise<Buffer> {
    let file;
    try {
      file = await open(this.#path, constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch (error) {
      if (isMissing(error)) return Buffer.alloc(0);
      throw error;
    }
    try {
      const { size } = await file.stat();
      const length = Math.min(READ_BYTES, Math.max(0, size - offset));
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  async append(number: number, line: string): Promise<boolean> {
    const unlock = await this.#locked();
    try {
      // The line before is there, and no other one.
      const last = number - 1;
      const { lines, offset } = await this.#readAt(Math.max(1, last));
      if (lines.length !== Math.min(1, last)) return false;
      const [before] = lines;
      const end = offset + (before === undefined ? 0 : Buffer.byteLength(before) + 1);
      return await this.#write(`${line}\n`, end);
    } finally {
      await unlock();
    }
  }

  /** @param end The end of the last complete line. False if there is another one behind it. */
  async #write(text: string, end: number): Promise<boolean> {
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
    const file = await open(this.#path, flags, 0o600);
    try {
      const { size } = await file.stat();
      if (size > end) {
        // This server stood still for so long that another one took its lock, and wrote the line.
        if ((await this.#linesAt(end)).lines.length > 0) return false;
        // A server was killed while it wrote a line: remove the part, so that the next line does not continue it.
        await file.truncate(end);
      }
      await file.writeFile(text);
      await file.sync();
      return true;
    } finally {
      await file.close();
    }
  }

  async #locked(): Promise<() => Promise<void>> {
    const end = Date.now() + LOCK_WAIT;
    const own = randomBytes(12).toString('hex');
    for (;;) {
      try {
        const file = await open(this.#lock, 'wx', 0o600);
        await file.writeFile(own);
        await file.close();
        return async () => {
          const holder = await readFile(this.#lock, 'utf8').catch(() => '');
          if (holder === own) await unlink(this.#lock).catch(() => undefined);
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      await this.#breakOldLock();
      if (Date.now() > end) throw new LedgerError('another server keeps the lock of the ledger');
      await wait(LOCK_PAUSE);
    }
  }

  async #breakOldLock(): Promise<void> {
    try {
      const { mtimeMs } = await stat(this.#lock);
      if (Date.now() - mtimeMs < LOCK_OLD) return;
      // Two servers may find it old at once: only one of them can rename it.
      const aside = `${this.#lock}.${randomBytes(6).toString('hex')}`;
      await rename(this.#lock, aside);
      await unlink(aside);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  onAdded(): void {
    // The ledger looks again and again, because no event says that another server has written to the folder.
  }

  async close(): Promise<void> {
    // Nothing is open between two calls.
  }
}

class FolderRefusals implements RefusalHome {
  readonly #folder: string;
  readonly #secretPath: string;

  constructor(folder: string) {
    this.#folder = join(folder, 'refusals');
    this.#secretPath = join(folder, 'refusals.secret');
  }

  async secret(): Promise<string> {
    try {
      const file = await open(this.#secretPath, 'wx', 0o600);
      await file.writeFile(randomBytes(32).toString('hex'));
      await file.close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    // Another server may be writing it at this moment.
    for (let tries = 0; tries < 50; tries += 1) {
      const secret = await readFile(this.#secretPath, 'utf8');
      if (/^[0-9a-f]{64}$/.test(secret)) return secret;
      await wait(LOCK_PAUSE);
    }
    throw new LedgerError('refusals.secret in the folder of the ledger has no secret in it');
  }

  async put(id: string, text: string): Promise<void> {
    replaceFile(join(this.#folder, `${id}.json`), text, { permissions: 0o600 });
  }

  async get(id: string): Promise<string | undefined> {
    try {
      return await readFile(join(this.#folder, `${id}.json`), 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async trim({ before, most }: { readonly before: number; readonly most: number }): Promise<void> {
    const files: { readonly path: string; readonly at: number }[] = [];
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found?.isFile() === true) files.push({ path, at: found.mtimeMs });
    }
    files.sort((left, right) => right.at - left.at);
    for (const [index, { path, at }] of files.entries())
      if (index >= most || at < before) await rm(path, { force: true });
  }
}
