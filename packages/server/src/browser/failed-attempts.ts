/* Limits the number of wrong passwords and tokens that a client can try. */

/** The most failures of one address within the period. Then it has to wait for the rest of it. */
const FAILURES_MAX = 10;
const WINDOW = 60_000;
/** The most addresses that are remembered. */
const ADDRESSES_MAX = 1000;

interface Failures {
  readonly since: number;
  count: number;
}

export class FailedAttempts {
  readonly #failures = new Map<string, Failures>();
  readonly #onGuesses: (address: string) => void;

  /** @param onGuesses Called when an address has reached the limit. */
  constructor(onGuesses: (address: string) => void) {
    this.#onGuesses = onGuesses;
  }

  /** Whether this address has to wait before it may try again. */
  mustWait(address: string, now: number): boolean {
    return (this.#within(networkOf(address), now)?.count ?? 0) >= FAILURES_MAX;
  }

  forget(address: string): void {
    this.#failures.delete(networkOf(address));
  }

  add(address: string, now: number): void {
    const network = networkOf(address);
    const failed = this.#within(network, now);
    this.#failures.delete(network);
    if (this.#failures.size >= ADDRESSES_MAX) this.#forgetOldest();
    const count = (failed?.count ?? 0) + 1;
    this.#failures.set(network, { since: failed?.since ?? now, count });
    if (count === FAILURES_MAX) this.#onGuesses(address);
  }

  #within(network: string, now: number): Failures | undefined {
    const known = this.#failures.get(network);
    return known !== undefined && now - known.since < WINDOW ? known : undefined;
  }

  #forgetOldest(): void {
    for (const network of this.#failures.keys()) {
      this.#failures.delete(network);
      return;
    }
  }
}

/** Counts a network of IPv6 as one address: its user can take any address in it. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  return address.split('::')[0]!.split(':').slice(0, 4).join(':');
}
