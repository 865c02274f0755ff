import type { Verdict } from '@tarwarden/core';
import type { VerdictKey, VerdictStore } from '../verdict-store/verdict-store.ts';

/** What was inspected here, and behind it what others have signed. Only the first is written to by whoever uses it. */
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
    return this.#own.getLink(name);
  }

  putLink(name: string, text: string): void {
    this.#own.putLink(name, text);
  }

  flush(): void {
    this.#own.flush();
    this.#signed.flush();
  }
}
