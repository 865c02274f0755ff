/* Limits the number of wrong passwords and tokens that a client can try. */
import { Remembered } from '@tarwarden/host';

/** The most failures of one client within the period. Then it has to wait for the rest of it. */
const FAILURES_MAX = 10;
const WINDOW = 60_000;
/** The most clients that are remembered. */
const CLIENTS_MAX = 1000;

interface Failures {
  readonly since: number;
  readonly count: number;
}

/** A client has the name that `addressClient` gives it. */
export class FailedAttempts {
  readonly #failures = new Remembered<Failures>(CLIENTS_MAX);
  readonly #onGuesses: (client: string) => void;

  /** @param onGuesses Called when a client has reached the limit. */
  constructor(onGuesses: (client: string) => void) {
    this.#onGuesses = onGuesses;
  }

  /** Whether this client has to wait before it may try again. */
  mustWait(client: string, now: number): boolean {
    return (this.#within(client, now)?.count ?? 0) >= FAILURES_MAX;
  }

  forget(client: string): void {
    this.#failures.delete(client);
  }

  add(client: string, now: number): void {
    const { since, count } = this.#within(client, now) ?? { since: now, count: 0 };
    this.#failures.set(client, { since, count: count + 1 });
    if (count + 1 === FAILURES_MAX) this.#onGuesses(client);
  }

  #within(client: string, now: number): Failures | undefined {
    const known = this.#failures.get(client);
    return known !== undefined && now - known.since < WINDOW ? known : undefined;
  }
}
