/*
 * Small content in memory, so that packages that everybody installs need no file. Content that a client still reads stays, and counts: the
 * memory has a bound however slow the clients are.
 */

/** The most bytes of a single content. */
const SMALL = 1024 * 1024;

interface Hot {
  readonly content: Buffer;
  users: number;
  isDeleted?: true;
}

export interface HeldContent {
  readonly content: Buffer;
  /** Called when the content is no longer needed. */
  readonly release: () => void;
}

export class HotContent {
  readonly #memoryMax: number;
  /** The content that was used last is at the end. */
  readonly #hot = new Map<string, Hot>();
  #bytes = 0;

  /** @param memoryMax The most bytes of all content. */
  constructor(memoryMax: number) {
    this.#memoryMax = memoryMax;
  }

  take(key: string): HeldContent | undefined {
    const hot = this.#hot.get(key);
    if (hot === undefined) return undefined;
    this.#hot.delete(key);
    this.#hot.set(key, hot);
    hot.users += 1;
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      hot.users -= 1;
      if (hot.isDeleted === true && hot.users === 0) this.#bytes -= hot.content.length;
    };
    return { content: hot.content, release };
  }

  /** Copies the content, because it may be a view of larger memory. */
  add(key: string, content: Buffer): void {
    const { length } = content;
    // Content that cannot fit must not push out what does.
    if (length > Math.min(SMALL, this.#memoryMax) || this.#hot.has(key)) return;
    for (const [oldest, { users }] of this.#hot) {
      if (this.#bytes + length <= this.#memoryMax) break;
      if (users === 0) this.delete(oldest);
    }
    if (this.#bytes + length > this.#memoryMax) return;
    this.#bytes += length;
    this.#hot.set(key, { content: Buffer.from(content), users: 0 });
  }

  /** Content that a client still reads is no longer found, but its memory is still counted until then. */
  delete(key: string): void {
    const hot = this.#hot.get(key);
    if (hot === undefined) return;
    this.#hot.delete(key);
    if (hot.users === 0) this.#bytes -= hot.content.length;
    else hot.isDeleted = true;
  }
}
