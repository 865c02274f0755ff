import type { Verdict } from '@tarwarden/core';
import type { VerdictKey, VerdictStore } from '../verdict-store/verdict-store.ts';

/**
 * Verdicts made here, and behind them verdicts that others signed. New verdicts go to the first store alone, because this machine
 * made them. Links go to the second: a link may follow from a signed verdict, and has to be forgotten with it.
 */
export class LayeredStore implements VerdictStore {
  readonly #own: VerdictStore;
  readonly #signed: VerdictStore;

  constructor(own: VerdictStore, signed: VerdictStore) {
    this.#own = own;
    this.#signed = signed;
  }

  get directory(): string | undefined {
    return this.#own.directory;
  }

  get(key: VerdictKey): Verdict | undefined {
    return this.#own.get(key) ?? this.#signed.get(key);
  }

  put(key: VerdictKey, verdict: Verdict): void {
    this.#own.put(key, verdict);
  }

  getLink(name: string): string | undefined {
    return this.#signed.getLink(name) ?? this.#own.getLink(name);
  }

  putLink(name: string, text: string): void {
    this.#signed.putLink(name, text);
  }

  flush(): void {
    this.#own.flush();
    this.#signed.flush();
  }
}
