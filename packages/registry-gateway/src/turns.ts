/* Who may go on, of many who want to. */
import { GatewayAnswer } from './answers.ts';

/** A number of places. Who finds none waits for one, in the order of asking. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  readonly #waitingMax: number;
  #free: number;

  constructor(places: number, waitingMax: number) {
    this.#free = places;
    this.#waitingMax = waitingMax;
  }

  /** @throws GatewayAnswer where too many wait. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.#place();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The place goes to who waits: nobody who comes meanwhile is before that one.
      if (next === undefined) this.#free += 1;
      else next();
    }
  }

  async #place(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    if (this.#waiting.length >= this.#waitingMax)
      throw new GatewayAnswer(503, 'too many others wait: try again later');
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
