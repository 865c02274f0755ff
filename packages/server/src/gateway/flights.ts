/* Work that many wait for and that is done once. It ends when all of them are gone. */

export interface Shared<Result> {
  readonly result: Result;
  /** Once the result is no longer needed. */
  readonly release: () => void;
}

/** One for all: an error of its own for each has its stack written down. */
const NOBODY_WAITS = new Error('nobody waits for it any more');

interface Flight<Result> {
  readonly landed: Promise<Result>;
  readonly abort: AbortController;
  users: number;
}

export class Flights<Result> {
  readonly #flights = new Map<string, Flight<Result>>();
  readonly #drop: (result: Result) => void;

  /** @param drop Called with each result when all who had it have released it. */
  constructor(drop: (result: Result) => void) {
    this.#drop = drop;
  }

  /** @throws what `start` throws. */
  async join(
    key: string,
    start: (abort: AbortController) => Promise<Result>,
    gone?: AbortSignal,
  ): Promise<Shared<Result>> {
    const flight = this.#flights.get(key) ?? this.#begin(key, start);
    flight.users += 1;
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      gone?.removeEventListener('abort', release);
      flight.users -= 1;
      if (flight.users > 0) return;
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
      flight.abort.abort(NOBODY_WAITS);
      // One that did not land has nothing to drop.
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

  #begin(key: string, start: (abort: AbortController) => Promise<Result>): Flight<Result> {
    const abort = new AbortController();
    const flight = { landed: start(abort), abort, users: 0 };
    this.#flights.set(key, flight);
    return flight;
  }
}
