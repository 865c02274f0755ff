/* Turns for work of which only some may run at once. */
import { GatewayAnswer } from './answers.ts';

/** A number of places. Who finds none waits for one, in the order of asking, those who are known before all others. */
export class Turns {
  readonly #known = new Set<() => void>();
  readonly #others = new Set<() => void>();
  readonly #waitingMax: number;
  #free: number;

  constructor(places: number, waitingMax: number) {
    this.#free = places;
    this.#waitingMax = waitingMax;
  }

  /**
   * @param work Is given what gives the place back before it is done.
   * @param gone Ends the waiting, because the client has gone.
   * @param isKnown Has waiting places that others do not take.
   * @throws GatewayAnswer where too many wait.
   */
  async run<Result>(
    work: (leave: () => void) => Promise<Result>,
    gone?: AbortSignal,
    isKnown = false,
  ): Promise<Result> {
    await this.#place(gone, isKnown ? this.#known : this.#others);
    let left = false;
    const leave = (): void => {
      if (!left) this.#giveBack();
      left = true;
    };
    try {
      return await work(leave);
    } finally {
      leave();
    }
  }

  #giveBack(): void {
    const [next] = this.#known.size > 0 ? this.#known : this.#others;
    // The turn goes to the first that waits, and not to a newcomer.
    if (next === undefined) this.#free += 1;
    else next();
  }

  async #place(gone: AbortSignal | undefined, waiting: Set<() => void>): Promise<void> {
    gone?.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    if (waiting.size >= this.#waitingMax)
      throw new GatewayAnswer(503, 'too many others wait: try again later');
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(go);
        reject(gone?.reason as Error);
      };
      const go = (): void => {
        waiting.delete(go);
        gone?.removeEventListener('abort', leave);
        resolve();
      };
      waiting.add(go);
      gone?.addEventListener('abort', leave);
    });
  }
}
