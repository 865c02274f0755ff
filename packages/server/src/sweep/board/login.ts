/* Checks the board's password. The number of guesses is limited, and the time of a check reveals nothing. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { connectionClient } from '@tarwarden/host';
import { FailedAttempts } from '../../browser/failed-attempts.ts';

/** The most characters of a header with a password. */
const HEADER_CHARS_MAX = 2000;

/** `wait`: the password was not checked. */
export type Admission = 'in' | 'out' | 'wait';

export class Login {
  readonly #key = randomBytes(32);
  readonly #wanted: Buffer;
  readonly #attempts: FailedAttempts;

  constructor(password: string, onGuesses: (client: string) => void) {
    this.#attempts = new FailedAttempts(onGuesses);
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
    const client = connectionClient({ remoteAddress: address });
    if (this.#attempts.mustWait(client, now)) return 'wait';
    if (timingSafeEqual(this.#digest(passwordIn(authorization)), this.#wanted)) {
      this.#attempts.forget(client);
      return 'in';
    }
    this.#attempts.add(client, now);
    return 'out';
  }

  /** Digests have equal length, so the comparison takes the same time for every password. */
  #digest(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}

function passwordIn(authorization: string): string {
  if (authorization.length > HEADER_CHARS_MAX) return '';
  const [, encoded = ''] = /^basic +([a-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}
