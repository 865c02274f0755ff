/*
 * Small archives in memory whose bytes have been hashed and accepted, so that the ones that everybody installs need no file. An archive
 * that a client still reads stays, and counts: the memory has a bound however slow the clients are.
 */

/** The most bytes of one archive, and of all. */
const SMALL = 256 * 1024;
const MEMORY_MAX = 64 * 1024 * 1024;

interface Hot {
  readonly content: Buffer;
  users: number;
}

export interface HeldContent {
  readonly content: Buffer;
  /** Called when the content is no longer needed. */
  readonly release: () => void;
}

export class HotArchives {
  readonly #memoryMax: number;
  /** The archives that were used last are at the end. */
  readonly #archives = new Map<string, Hot>();
  #bytes = 0;

  constructor(memoryMax: number = MEMORY_MAX) {
    this.#memoryMax = memoryMax;
  }

  take(key: string): HeldContent | undefined {
    const hot = this.#archives.get(key);
    if (hot === undefined) return undefined;
    this.#archives.delete(key);
    this.#archives.set(key, hot);
    hot.users += 1;
    let released = false;
    const release = (): void => {
      if (!released) hot.users -= 1;
      released = true;
    };
    return { content: hot.content, release };
  }

  /** @param content Hashed and accepted. It is copied, so that it keeps no larger memory. */
  add(key: string, content: Buffer): void {
    const { length } = content;
    if (length > SMALL || this.#archives.has(key)) return;
    for (const [oldest, { users, content: old }] of this.#archives) {
      if (this.#bytes + length <= this.#memoryMax) break;
      if (users > 0) continue;
      this.#archives.delete(oldest);
      this.#bytes -= old.length;
    }
    if (this.#bytes + length > this.#memoryMax) return;
    this.#bytes += length;
    this.#archives.set(key, { content: Buffer.from(content), users: 0 });
  }
}
