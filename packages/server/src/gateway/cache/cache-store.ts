/* The place where the gateway's cache keeps content. The content is trusted no more than the registry's: readers check it. */
import { Readable } from 'node:stream';
import { inTime } from '../../serving/in-time.ts';

/** Content that a store has. */
export interface StoredContent {
  readonly bytes: number;
  /** It has to be read or destroyed. */
  readonly body: Readable;
}

/** Content to keep. */
export interface NewContent {
  readonly bytes: number;
  /** All of it, if it is in memory. */
  readonly whole?: Buffer;
  /** Called once, also for content that is not kept: the stream then has to be destroyed. */
  readonly read: () => Readable;
}

export interface CacheStore {
  /** For people, without credentials. */
  readonly label: string;
  /** @param key 64 hex digits. */
  get(key: string): Promise<StoredContent | undefined>;
  /** Replaces content in one step: readers get the old content or the new one. */
  put(key: string, content: NewContent): Promise<void>;
  remove(key: string): Promise<void>;
  close(): Promise<void>;
}

/** The text is not the address of a cache, or the cache cannot be there. The message is for users. */
export class CacheAddressError extends Error {}

/** Milliseconds for the store to answer, and to keep content. */
const ANSWER_WITHIN = 5_000;
const KEPT_WITHIN = 10 * 60_000;
/** Milliseconds for which a store that failed is not used, so that requests do not wait for it in vain. */
const NOT_USED = 30_000;

export interface SteadyStoreOptions {
  readonly onError: (error: unknown) => void;
  readonly answerWithin?: number;
}

/** A store that never fails a request: a broken one has nothing, and keeps nothing. A full disk is still read. */
export class SteadyStore implements CacheStore {
  readonly label: string;
  readonly #store: CacheStore;
  readonly #options: SteadyStoreOptions;
  #unreadableAt = Number.NEGATIVE_INFINITY;
  #unwritableAt = Number.NEGATIVE_INFINITY;

  constructor(store: CacheStore, options: SteadyStoreOptions) {
    this.label = store.label;
    this.#store = store;
    this.#options = options;
  }

  async get(key: string): Promise<StoredContent | undefined> {
    if (performance.now() - this.#unreadableAt < NOT_USED) return undefined;
    const { answerWithin = ANSWER_WITHIN, onError } = this.#options;
    const got = this.#store.get(key);
    try {
      return await inTime(answerWithin, got, 'the cache does not answer');
    } catch (error) {
      // If the answer comes too late, nothing reads it.
      got.then(
        (late) => late?.body.destroy(),
        () => undefined,
      );
      this.#unreadableAt = performance.now();
      onError(error);
      return undefined;
    }
  }

  async put(key: string, content: NewContent): Promise<void> {
    if (performance.now() - this.#unwritableAt < NOT_USED) return void content.read().destroy();
    try {
      await inTime(KEPT_WITHIN, this.#store.put(key, content), 'the cache does not answer');
    } catch (error) {
      this.#unwritableAt = performance.now();
      this.#options.onError(error);
    }
  }

  async remove(key: string): Promise<void> {
    const { answerWithin = ANSWER_WITHIN, onError } = this.#options;
    const removed = this.#store.remove(key);
    await inTime(answerWithin, removed, 'the cache does not answer').catch(onError);
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

/** Content that is in memory. */
export function contentOf(whole: Buffer): NewContent {
  return { bytes: whole.length, whole, read: () => Readable.from([whole]) };
}
