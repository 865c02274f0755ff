/* Who may go on, of many who want to. */
import { GatewayAnswer } from './answers.ts';

/** A number of places. Who finds none waits for one, in the order of asking. */
export class Turns {
  readonly #waiting = new Set<() => void>();
  readonly #waitingMax: number;
  #free: number;

  constructor(places: number, waitingMax: number) {
    this.#free = places;
    this.#waitingMax = waitingMax;
  }

  /**
   * @param gone Ends the waiting: nobody wants the result any more.
   * @throws GatewayAnswer where too many wait.
   */
  async run<Result>(work: () => Promise<Result>, gone?: AbortSignal): Promise<Result> {
    await this.#place(gone);
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      // The place goes to who waits: nobody who comes meanwhile is before that one.
      if (next === undefined) this.#free += 1;
      else next();
    }
  }

  async #place(gone: AbortSignal | undefined): Promise<void> {
    gone?.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    if (this.#waiting.size >= this.#waitingMax)
      throw new GatewayAnswer(503, 'too many others wait: try again later');
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(go);
        reject(gone?.reason as Error);
      };
      const go = (): void => {
        this.#waiting.delete(go);
        gone?.removeEventListener('abort', leave);
        resolve();
      };
      this.#waiting.add(go);
      gone?.addEventListener('abort', leave);
    });
  }
}
