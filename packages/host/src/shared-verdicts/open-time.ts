/**
 * The time in which this process could have read an answer. A package manager keeps its event loop busy for seconds on a slow machine,
 * for example while it resolves. The answer may be here by then, so such a turn of the event loop counts as a short one.
 */
export class OpenTime {
  #spent = 0;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param onTick Called again and again while the time runs. */
  start(onTick?: () => void): void {
    this.#since = performance.now();
    this.#timer = setInterval(() => {
      this.#count();
      onTick?.();
    }, TICK);
  }

  stop(): void {
    this.#count();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Milliseconds so far. */
  get spent(): number {
    if (this.#timer !== undefined) this.#count();
    return this.#spent;
  }

  #count(): void {
    const now = performance.now();
    this.#spent += Math.min(now - this.#since, TURN_MAX);
    this.#since = now;
  }
}

const TICK = 25;
/** The most milliseconds that one turn of the event loop counts: more than it takes to read the longest answer of a store. */
const TURN_MAX = 250;

/**
 * The result of a promise, if it settles in so much {@link OpenTime}. The work behind the promise goes on.
 * @throws Error with this message after the limit, and the errors of the promise.
 */
export async function inOpenTime<T>(
  limit: number,
  promise: Promise<T>,
  message: string,
): Promise<T> {
  const time = new OpenTime();
  const late = new Promise<never>((_, reject) => {
    time.start(() => {
      if (time.spent >= limit) reject(new Error(message));
    });
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    time.stop();
  }
}
