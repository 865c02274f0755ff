import { AsyncLocalStorage } from 'node:async_hooks';
import type { Configuration, Locator } from '@yarnpkg/core';

export interface Fetching {
  readonly locator: Locator;
  readonly configuration: Configuration;
  /** The fetch that this one is part of. */
  readonly within?: Fetching | undefined;
  /** SHA-512 (hex) of the only archive of it that Yarn will keep, where that has a verdict. */
  readonly known?: string | undefined;
  /** A tarball of it was refused, and stays so whatever else is tried. */
  refusal?: unknown;
}

/** Which package something is fetched for. */
export class Fetches {
  /**
   * Entered only where bytes may be fetched: up to Node 22, the first time makes every later promise of the process dearer,
   * which an install that finds everything in the cache would pay for nothing.
   */
  readonly #storage = new AsyncLocalStorage<Fetching>();

  /** The package being fetched, where Yarn kept track. */
  get current(): Fetching | undefined {
    return this.#storage.getStore();
  }

  /** What `fetchBytes` fetches is fetched for this package. A refusal of it is thrown again where it was swallowed. */
  async during<T>(
    locator: Locator,
    configuration: Configuration,
    fetchBytes: () => Promise<T>,
    known?: string,
  ): Promise<T> {
    const current: Fetching = { locator, configuration, within: this.current, known };
    const result = await this.#storage.run(current, fetchBytes);
    if (current.refusal !== undefined) throw current.refusal;
    return result;
  }
}

/** Has a refusal thrown again by all that the fetch is part of. */
export function keepRefusal(current: Fetching, refusal: unknown): void {
  for (let one: Fetching | undefined = current; one !== undefined; one = one.within)
    one.refusal = refusal;
}
