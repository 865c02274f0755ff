/* Lets downloads go on for a while after their client has gone: some clients give up before the first byte, and ask again. */

/** Downloads that go on without a client at once. Others keep their turns. */
const AT_ONCE = 6;

export class Patience {
  readonly #time: number;
  #waiting = 0;

  /** @param time Milliseconds. */
  constructor(time: number) {
    this.#time = time;
  }

  /** Calls back if no client has asked again in time; at once if too many downloads wait. */
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
