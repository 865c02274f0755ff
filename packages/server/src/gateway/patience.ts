/* Lets downloads go on for a while without a client, because some clients give up before their first byte and come back. */

/** The most such downloads at once, so that clients that wait find places. */
const AT_ONCE = 6;

export class Patience {
  readonly #time: number;
  #waiting = 0;

  /** @param time Milliseconds. */
  constructor(time: number) {
    this.#time = time;
  }

  /** Calls back if no client has come back in time; at once if too many downloads wait. */
  wait(onEnd: () => void): void {
    if (this.#waiting >= AT_ONCE) return onEnd();
    this.#waiting += 1;
    const end = (): void => {
      this.#waiting -= 1;
      onEnd();
    };
    setTimeout(end, this.#time).unref();
  }
}
