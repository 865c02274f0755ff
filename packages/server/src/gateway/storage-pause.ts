/* Asks a storage that may fail: after a failure, it is left alone for a while, and then tried while nobody waits for it. */
import { inTime } from '@tarwarden/host';
import { causeCode } from './causes.ts';

/** Milliseconds for the storage to answer. */
const ANSWER_WITHIN = 5_000;
/** Milliseconds from which on an answer counts as a failure, though it is used. */
const SLOW = 1_000;
/** Milliseconds for which a storage that failed is not asked. */
const NOT_ASKED = 30_000;

interface Failure {
  readonly at: number;
  readonly words: string;
  isTried: boolean;
}

export class StoragePause {
  readonly #onError: (error: unknown) => void;
  /** Set from a failure to the next answer in time. */
  #failure: Failure | undefined;

  /** @param onError Called with failures of which no caller hears. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** The problem of the storage, in words without its address. */
  problem(): string | undefined {
    return this.#failure?.words;
  }

  /** The answer; undefined if the storage has failed and has not answered since. @throws if it fails now. */
  async ask<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
    const failure = this.#failure;
    if (failure === undefined) return this.#asked(ask);
    if (!failure.isTried && performance.now() - failure.at >= NOT_ASKED) {
      failure.isTried = true;
      this.#asked(ask).catch(this.#onError);
    }
    return undefined;
  }

  async #asked<Result>(ask: () => Promise<Result>): Promise<Result> {
    const start = performance.now();
    try {
      const result = await inTime(ANSWER_WITHIN, ask(), 'the storage does not answer');
      this.#failure =
        performance.now() - start > SLOW ? failureOf('it answers too slowly') : undefined;
      return result;
    } catch (error) {
      // A storage that refuses connections costs as much time as a silent one, because its client retries.
      this.#failure = failureOf(`it fails (${causeCode(error) ?? 'no answer'})`);
      throw error;
    }
  }
}

function failureOf(words: string): Failure {
  return { at: performance.now(), words, isTried: false };
}
