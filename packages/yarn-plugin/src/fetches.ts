import { AsyncLocalStorage } from 'node:async_hooks';
import type { Configuration, Locator } from '@yarnpkg/core';

/** The only archive that Yarn will keep of a package. Hashes are SHA-512, in hex. */
export interface ExpectedArchive {
  readonly demanded: string;
  /** The same hash, if the archive has a verdict. */
  readonly known?: string | undefined;
}

export interface Fetching {
  readonly locator: Locator;
  readonly configuration: Configuration;
  readonly within?: Fetching | undefined;
  readonly archive?: ExpectedArchive | undefined;
  /** The refusal of its tarball. It counts even if Yarn tries another way. */
  refusal?: unknown;
}

/** Keeps track of the package that Yarn is fetching. */
export class Fetches {
  /**
   * Entered only when bytes may be fetched: up to Node 22, the first use slows down every later promise of the process. An install that
   * finds everything in the cache never uses it.
   */
  readonly #storage = new AsyncLocalStorage<Fetching>();

  /** The package that is being fetched; undefined outside a fetch. */
  get current(): Fetching | undefined {
    return this.#storage.getStore();
  }

  /** Runs a fetch for a package. A refusal that Yarn swallowed during the fetch is thrown again at its end. */
  async during<T>(
    locator: Locator,
    configuration: Configuration,
    fetchBytes: () => Promise<T>,
    archive?: ExpectedArchive,
  ): Promise<T> {
    const current: Fetching = { locator, configuration, within: this.current, archive };
    const result = await this.#storage.run(current, fetchBytes);
    if (current.refusal !== undefined) throw current.refusal;
    return result;
  }
}

/** Makes the fetch and all fetches around it throw a refusal at their end. */
export function keepRefusal(current: Fetching, refusal: unknown): void {
  for (
    let fetching: Fetching | undefined = current;
    fetching !== undefined;
    fetching = fetching.within
  )
    fetching.refusal = refusal;
}
