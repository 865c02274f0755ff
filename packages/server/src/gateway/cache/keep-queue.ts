/* Writes content to the cache beside the answers to clients. While much waits, callers wait, too, so that nothing is left out. */
import { ByteBudget } from '@tarwarden/guard';
import { inTime } from '../../serving/in-time.ts';
import type { CacheStore, NewContent, StoredContent } from './cache-store.ts';

/** The most bytes in memory that wait to be kept. */
const WAITING_MAX = 64 * 1024 * 1024;
/** The most files that are copied at once. */
const FILES_MAX = 4;
/** Milliseconds for which a caller waits. After that, its content is not kept. */
const ROOM_WITHIN = 5_000;
/** Milliseconds for which nobody waits after that, because the place is slow or silent. */
const NOT_WAITED = 30_000;
/** Milliseconds for all that waits when the gateway ends. */
const CLOSED_WITHIN = 5_000;

export class KeepQueue {
  readonly #store: CacheStore;
  readonly #memory = new ByteBudget(WAITING_MAX);
  readonly #files = new ByteBudget(FILES_MAX);
  #fullAt = Number.NEGATIVE_INFINITY;
  readonly #keeping = new Map<string, Promise<void>>();
  /** What was to be removed while it was being written. */
  readonly #forgotten = new Set<string>();

  constructor(store: CacheStore) {
    this.#store = store;
  }

  /**
   * Waits for room, and then keeps the content without being waited for.
   * @param content Makes the content when there is room.
   */
  async keep(
    key: string,
    bytes: number | 'file',
    content: () => Promise<NewContent> | NewContent,
  ): Promise<void> {
    if (this.#keeping.has(key)) return;
    const share = (bytes === 'file' ? this.#files : this.#memory).share();
    const room = share.take(bytes === 'file' ? 1 : bytes);
    try {
      if (room !== undefined) await this.#wait(room);
      const found = await content();
      if (this.#keeping.has(key)) {
        found.read().destroy();
        return share.release();
      }
      const kept = this.#store.put(key, found).finally(() => {
        share.release();
        this.#keeping.delete(key);
      });
      this.#keeping.set(key, kept);
    } catch {
      share.release();
    }
  }

  async #wait(room: Promise<void>): Promise<void> {
    const full = 'too much waits for the cache';
    if (performance.now() - this.#fullAt < NOT_WAITED) throw new Error(full);
    try {
      await inTime(ROOM_WITHIN, room, full);
    } catch (error) {
      this.#fullAt = performance.now();
      throw error;
    }
  }

  /** Stored content. */
  async get(key: string): Promise<StoredContent | undefined> {
    return this.#forgotten.has(key) ? undefined : this.#store.get(key);
  }

  /** Removes content, also if it is just being kept. */
  async forget(key: string): Promise<void> {
    const keeping = this.#keeping.get(key);
    // Writing may take long, so the caller does not wait for it.
    if (keeping !== undefined) {
      this.#forgotten.add(key);
      void keeping
        .then(async () => this.#store.remove(key))
        .finally(() => this.#forgotten.delete(key));
    }
    await this.#store.remove(key);
  }

  async close(): Promise<void> {
    const all = Promise.all(this.#keeping.values());
    await inTime(CLOSED_WITHIN, all, 'the cache is slow').catch(() => undefined);
  }
}
