/* Shares work between all requests that wait for it. The work is aborted when all of them are gone. */
import { Ticket } from '../serving/turns.ts';

export interface Shared<Result> {
  readonly result: Result;
  /** Called when the result is no longer needed. */
  readonly release: () => void;
}

/** One shared error, because creating an error writes down a stack. */
const NOBODY_WAITS = new Error('nobody waits for it any more');

interface Flight<Result> {
  /** Lets another client wait for it, if it has not begun. */
  readonly ticket: Ticket;
  readonly landed: Promise<Result>;
  readonly abort: AbortController;
  /** The client of each user. */
  readonly users: (string | undefined)[];
}

export class Flights<Result> {
  readonly #flights = new Map<string, Flight<Result>>();
  readonly #drop: (result: Result) => void;
  readonly #keep: (result: Result, client: string | undefined) => void;

  /**
   * @param drop Called with each result after all its users have released it.
   * @param keep Called with a result that one of its users has released, and the client of a remaining user.
   */
  constructor(
    drop: (result: Result) => void,
    keep: (result: Result, client: string | undefined) => void = () => undefined,
  ) {
    this.#drop = drop;
    this.#keep = keep;
  }

  /**
   * @param start Starts the work. It waits for its turn with the ticket, so that the first client does not keep later ones waiting.
   * @throws the errors of `start`.
   */
  async join(
    key: string,
    start: (abort: AbortController, ticket: Ticket) => Promise<Result>,
    {
      gone,
      client,
    }: { readonly gone?: AbortSignal | undefined; readonly client?: string | undefined } = {},
  ): Promise<Shared<Result>> {
    const flight = this.#flights.get(key) ?? this.#begin(key, start);
    if (client !== undefined) flight.ticket.join(client);
    flight.users.push(client);
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      gone?.removeEventListener('abort', release);
      flight.users.splice(flight.users.indexOf(client), 1);
      if (flight.users.length > 0) {
        const [next] = flight.users;
        if (!flight.users.includes(client))
          void flight.landed.then((result) => this.#keep(result, next)).catch(() => undefined);
        return;
      }
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
      flight.abort.abort(NOBODY_WAITS);
      // A failed flight has no result to drop.
      void flight.landed.then(this.#drop, () => undefined);
    };
    if (gone?.aborted === true) release();
    else gone?.addEventListener('abort', release);
    try {
      return { result: await flight.landed, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  #begin(
    key: string,
    start: (abort: AbortController, ticket: Ticket) => Promise<Result>,
  ): Flight<Result> {
    const abort = new AbortController();
    const ticket = new Ticket();
    const flight = { landed: start(abort, ticket), ticket, abort, users: [] };
    this.#flights.set(key, flight);
    return flight;
  }
}
