/* Asks an npm registry who its users are (`/-/whoami`), and remembers the answers for a while. */
import type { IncomingHttpHeaders } from 'node:http';
import { Turns } from '../serving/turns.ts';
import { Remembered } from '../serving/remembered.ts';
import { Flights } from './flights.ts';
import { jsonValue } from './json.ts';
import { readerOf } from './package-index.ts';
import { within } from './time-limit.ts';
import { bodyOf, encodingOf } from './upstream-answer.ts';
import type { GatewayUpstream } from './upstream.ts';

/** Milliseconds for an answer, and the most bytes of it. */
const ANSWER_WITHIN = 10_000;
const BYTES_MAX = 64 * 1024;
/** Milliseconds for which a user, and credentials of nobody, are remembered. */
const KNOWN_FOR = 10 * 60_000;
const UNKNOWN_FOR = 60_000;
/** The most credentials of each kind that are remembered. Invented ones push out no real ones. */
const REMEMBERED_MAX = 10_000;
/** The most characters of a name. */
const NAME_MAX = 256;
/** The most questions at once, and the most that wait. */
const AT_ONCE = 8;
const WAITING_MAX = 64;

interface Answer {
  readonly user: string | undefined;
  readonly until: number;
}

export class Users {
  readonly #upstream: Pick<GatewayUpstream, 'document'>;
  readonly #known = new Remembered<Answer>(REMEMBERED_MAX);
  readonly #unknown = new Remembered<Answer>(REMEMBERED_MAX);
  readonly #asking = new Flights<string | undefined>(() => undefined);
  readonly #turns = new Turns({ places: AT_ONCE, waitingMax: WAITING_MAX });

  constructor(upstream: Pick<GatewayUpstream, 'document'>) {
    this.#upstream = upstream;
  }

  /** The user, if the registry has named them a short time ago. */
  known(headers: IncomingHttpHeaders): string | undefined {
    if (headers.authorization === undefined) return undefined;
    return remembered(this.#known, readerOf(headers))?.user;
  }

  /**
   * The user, as the registry knows them; undefined if it does not know them or cannot be asked.
   * @param client Whose credentials these are said to be.
   * @param again Whether to ask again about credentials that the registry did not know.
   */
  async ask(
    headers: IncomingHttpHeaders,
    client: string,
    { again = false, gone }: { readonly again?: boolean; readonly gone?: AbortSignal } = {},
  ): Promise<string | undefined> {
    if (headers.authorization === undefined) return undefined;
    const reader = readerOf(headers);
    const found =
      remembered(this.#known, reader) ?? (again ? undefined : remembered(this.#unknown, reader));
    if (found !== undefined) return found.user;
    try {
      const start = async ({ signal }: AbortController): Promise<string | undefined> =>
        this.#turns.run(async () => this.#ask(headers, { reader, gone: signal }), {
          client,
          gone: signal,
        });
      const { result, release } = await this.#asking.join(reader, start, { gone });
      release();
      return result;
    } catch {
      // The registry fails, or too many questions wait. Remember nothing, because the next answer may be another one.
      return undefined;
    }
  }

  async #ask(
    { authorization, 'user-agent': agent }: IncomingHttpHeaders,
    { reader, gone }: { readonly reader: string; readonly gone: AbortSignal },
  ): Promise<string | undefined> {
    const headers = { authorization, ...(agent !== undefined && { 'user-agent': agent }) };
    const ask = async (signal: AbortSignal): Promise<string | undefined> => {
      const answer = await this.#upstream.document('/-/whoami', headers, signal);
      const { statusCode, body } = answer;
      const bytes = await bodyOf(body, { bytesMax: BYTES_MAX, encoding: encodingOf(answer) });
      if (statusCode >= 500) return undefined;
      const user = statusCode === 200 ? userIn(jsonValue(bytes)) : undefined;
      const [answers, time] =
        user === undefined ? [this.#unknown, UNKNOWN_FOR] : [this.#known, KNOWN_FOR];
      answers.set(reader, { user, until: performance.now() + time });
      return user;
    };
    return within(ANSWER_WITHIN, ask, gone);
  }
}

function remembered(answers: Remembered<Answer>, reader: string): Answer | undefined {
  const found = answers.get(reader);
  if (found === undefined || found.until > performance.now()) return found;
  answers.delete(reader);
  return undefined;
}

function userIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { username } = value as { readonly username?: unknown };
  if (typeof username !== 'string' || username.length > NAME_MAX) return undefined;
  return username === '' || username === 'anonymous' ? undefined : username;
}
