/* Keeps the files of a cache below a number of bytes: those that were not used for the longest time are removed. */
import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '@tarwarden/guard';
import pMap from 'p-map';

/** Files are removed until so much of the limit is used. */
const LEFT = 0.9;
/** Files are counted again after this part of the limit was added. Other processes may have written into the same folder. */
const COUNTED_AFTER = 0.1;
/** The space that a file takes is a multiple of this. */
const BLOCK = 4096;
/** Milliseconds after which they are counted again in any case. */
const COUNTED = 60 * 60_000;
/** Milliseconds after which an unfinished file counts as left by a process that was killed. */
const ABANDONED = 60 * 60_000;
const MINUTE = 60_000;
const LOOKS_AT_ONCE = 16;

export interface EvictionOptions {
  /** The folder with the folders of files. */
  readonly root: string;
  readonly bytesMax: number;
  readonly onError: (error: unknown) => void;
}

interface CacheFile {
  readonly path: string;
  readonly bytes: number;
  /** The time of its last use, in minutes. */
  readonly minute: number;
}

export class Eviction {
  readonly #options: EvictionOptions;
  readonly #timer: NodeJS.Timeout;
  #bytes = 0;
  /** Bytes that were added since the last count. */
  #added = 0;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: EvictionOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#start(), COUNTED).unref();
    void this.#start();
  }

  added(bytes: number): void {
    const { bytesMax } = this.#options;
    this.#bytes += space(bytes);
    this.#added += space(bytes);
    if (this.#bytes > bytesMax || this.#added > bytesMax * COUNTED_AFTER) void this.#start();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  #start(): Promise<void> {
    this.#running ??= this.#evict()
      .catch(this.#options.onError)
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  async #evict(): Promise<void> {
    const { bytesMax } = this.#options;
    const before = this.#bytes;
    this.#added = 0;
    let bytes = 0;
    // Sums by minute need less memory than a list of all files.
    const byMinute = new Map<number, number>();
    await this.#eachFile(async (file) => {
      bytes += file.bytes;
      byMinute.set(file.minute, (byMinute.get(file.minute) ?? 0) + file.bytes);
    });
    // Files that were added during the count may be in it or not. They are counted twice rather than not at all.
    this.#bytes = bytes + (this.#bytes - before);
    if (this.#bytes <= bytesMax) return;
    const last = lastMinute(byMinute, this.#bytes - bytesMax * LEFT);
    let ofLast = last.bytes;
    await this.#eachFile(async ({ path, minute, bytes: size }) => {
      if (minute > last.minute || (minute === last.minute && ofLast <= 0)) return;
      if (minute === last.minute) ofLast -= size;
      this.#bytes -= size;
      await unlink(path).catch(ignoreMissing);
    });
  }

  async #eachFile(use: (file: CacheFile) => Promise<void>): Promise<void> {
    for (const entry of await readdir(this.#options.root, { withFileTypes: true })) {
      if (this.#isClosed) return;
      // Behind a link, the files belong to somebody else.
      if (!entry.isDirectory()) continue;
      const { name: folder } = entry;
      const path = join(this.#options.root, folder);
      const isUnfinished = !/^[0-9a-f]{2}$/.test(folder);
      const look = async (name: string): Promise<void> => {
        const file = await fileAt(join(path, name));
        if (file === undefined) return;
        if (!isUnfinished) await use(file);
        else if (Date.now() - file.minute * MINUTE > ABANDONED)
          await unlink(file.path).catch(ignoreMissing);
      };
      await pMap(await readdir(path).catch(() => []), look, { concurrency: LOOKS_AT_ONCE });
    }
  }
}

/** To free so many bytes, all files from before this minute have to go, and so many bytes of files of this minute. */
function lastMinute(
  byMinute: ReadonlyMap<number, number>,
  excess: number,
): { readonly minute: number; readonly bytes: number } {
  let left = excess;
  for (const minute of [...byMinute.keys()].sort((a, b) => a - b)) {
    const bytes = byMinute.get(minute)!;
    if (bytes >= left) return { minute, bytes: left };
    left -= bytes;
  }
  return { minute: Number.POSITIVE_INFINITY, bytes: 0 };
}

async function fileAt(path: string): Promise<CacheFile | undefined> {
  try {
    const facts = await lstat(path);
    if (facts.isDirectory()) return undefined;
    const { size, mtimeMs } = facts;
    return { path, bytes: space(size), minute: Math.floor(mtimeMs / MINUTE) };
  } catch (error) {
    ignoreMissing(error);
    return undefined;
  }
}

/** Another process may have removed the file first. */
function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

function space(bytes: number): number {
  return Math.ceil(bytes / BLOCK) * BLOCK;
}
