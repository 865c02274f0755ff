/** Results that a thread may keep before it reports them, because waking the main thread takes time. */
export const MAX_UNREPORTED = 16;

/**
 * Hands out tickets to threads that do not wait for each other. A ticket is the number of an input. The counter and the tickets
 * that each thread holds are in shared memory, so that they are known when a thread dies.
 *
 * Cell 0 is the next ticket. Each thread has `1 + MAX_UNREPORTED` cells behind it: the number of tickets that it holds, and the
 * tickets.
 */
export class Counter {
  readonly buffer: SharedArrayBuffer;
  readonly #cells: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#cells = new Int32Array(buffer);
  }

  static forThreads(count: number): Counter {
    const cells = 1 + count * (1 + MAX_UNREPORTED);
    return new Counter(new SharedArrayBuffer(cells * Int32Array.BYTES_PER_ELEMENT));
  }

  /** The next ticket. Its input may not be listed yet, or may never be. */
  take(): number {
    return Atomics.add(this.#cells, 0, 1);
  }

  /** The next ticket, for a thread that holds fewer than `MAX_UNREPORTED`. */
  takeFor(thread: number): number {
    const ticket = this.take();
    this.#hold(thread, ticket);
    return ticket;
  }

  /** Records that the thread has reported all tickets that it held, except for `stillHeld`. */
  reported(thread: number, stillHeld?: number): void {
    Atomics.store(this.#cells, baseOf(thread), 0);
    if (stillHeld !== undefined) this.#hold(thread, stillHeld);
  }

  /** The tickets that a thread took and has not reported, in the order in which it took them. */
  heldBy(thread: number): readonly number[] {
    const base = baseOf(thread);
    const count = Atomics.load(this.#cells, base);
    return [...this.#cells.subarray(base + 1, base + 1 + count)];
  }

  #hold(thread: number, ticket: number): void {
    const base = baseOf(thread);
    const count = Atomics.load(this.#cells, base);
    Atomics.store(this.#cells, base + 1 + count, ticket);
    Atomics.store(this.#cells, base, count + 1);
  }
}

function baseOf(thread: number): number {
  return 1 + thread * (1 + MAX_UNREPORTED);
}
