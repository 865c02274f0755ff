/* Downloads that go on when nobody waits any more: for clients that give up before their first byte, and come back. */

/** Of these at once, so that they leave places to those who wait. */
const AT_ONCE = 6;

export class Patience {
  readonly #time: number;
  #waiting = 0;

  /** @param time Milliseconds. */
  constructor(time: number) {
    this.#time = time;
  }

  /** Calls back when nobody has come back in time; at once where too many are waited for. */
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
