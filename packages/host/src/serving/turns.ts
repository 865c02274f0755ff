interface TurnsOptions {
  /** How many run at a time. */
  readonly places: number;
  /** How many of each kind may wait. */
  readonly waitingMax: number;
  /** Makes the error for a caller when too many wait. */
  readonly tooMany?: (message: string) => Error;
}

/** Runs work in a limited number of places. The rest waits in the order of asking. Known callers come before all others. */
export class Turns {
  readonly #known = new Set<() => void>();
  readonly #others = new Set<() => void>();
  readonly #options: TurnsOptions;
  #free: number;

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#free = options.places;
  }

  /**
   * @param work Gets a function that gives the place back before the work is done.
   * @param gone Ends the waiting, because the caller needs no result any more.
   * @param isKnown Whether the caller uses the waiting places of known callers.
   * @throws the error of `tooMany` if too many wait, or the reason of `gone`.
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
    // The place goes directly to the next one in the queue, so that a newcomer cannot take it first.
    if (next === undefined) this.#free += 1;
    else next();
  }

  #tooMany(): Error {
    const message = 'too many others wait: try again later';
    return this.#options.tooMany?.(message) ?? new Error(message);
  }

  async #place(gone: AbortSignal | undefined, waiting: Set<() => void>): Promise<void> {
    gone?.throwIfAborted();
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    if (waiting.size >= this.#options.waitingMax) throw this.#tooMany();
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
