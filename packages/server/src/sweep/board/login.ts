/* Checks the board's password. The number of guesses is limited, and the time of a check reveals nothing. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** The most wrong passwords of one address within the period. Then it has to wait for the rest of it. */
const FAILURES_MAX = 10;
const WINDOW = 60_000;
/** The most addresses that are remembered. */
const ADDRESSES_MAX = 1000;
/** The most characters of a header with a password. */
const HEADER_CHARS_MAX = 2000;

/** `wait`: the password was not checked. */
export type Admission = 'in' | 'out' | 'wait';

interface Failures {
  readonly since: number;
  count: number;
}

export class Login {
  readonly #key = randomBytes(32);
  readonly #wanted: Buffer;
  readonly #failures = new Map<string, Failures>();

  readonly #onGuesses: (address: string) => void;

  constructor(password: string, onGuesses: (address: string) => void) {
    this.#onGuesses = onGuesses;
    this.#wanted = this.#digest(password);
  }

  /**
   * @param authorization The header; the user name in it is ignored.
   * @param address The client's address.
   */
  admit(
    authorization: string | undefined,
    address: string,
    now: number = performance.now(),
  ): Admission {
    // A browser's first request has no password.
    if (authorization === undefined) return 'out';
    const from = networkOf(address);
    const known = this.#failures.get(from);
    const failed = known !== undefined && now - known.since < WINDOW ? known : undefined;
    if (failed !== undefined && failed.count >= FAILURES_MAX) return 'wait';
    if (timingSafeEqual(this.#digest(passwordIn(authorization)), this.#wanted)) {
      this.#failures.delete(from);
      return 'in';
    }
    this.#failures.delete(from);
    if (this.#failures.size >= ADDRESSES_MAX) this.#forgetOldest();
    const count = (failed?.count ?? 0) + 1;
    this.#failures.set(from, { since: failed?.since ?? now, count });
    if (count === FAILURES_MAX) this.#onGuesses(address);
    return 'out';
  }

  /** Digests have equal length, so the comparison takes the same time for every password. */
  #digest(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }

  #forgetOldest(): void {
    for (const address of this.#failures.keys()) {
      this.#failures.delete(address);
      return;
    }
  }
}

/** Counts a network of IPv6 as one address: its user can take any address in it. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address;
  return address.split('::')[0]!.split(':').slice(0, 4).join(':');
}

function passwordIn(authorization: string): string {
  if (authorization.length > HEADER_CHARS_MAX) return '';
  const [, encoded = ''] = /^basic +([a-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}
