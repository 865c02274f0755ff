/** What a thread may have judged and not told of yet: waking each other for every small file costs more than judging it. */
export const UNTOLD = 16;

/**
 * The numbers of a scan's inputs, handed out in their order to threads that do not wait for each other. What a thread
 * took and has not told of stands in the shared memory, so that it is known when the thread dies.
 */
export class Tickets {
  readonly buffer: SharedArrayBuffer;
  /** Cell 0 is the next number; each thread has a count and that many numbers after it. */
  readonly #cells: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#cells = new Int32Array(buffer);
  }

  static forThreads(count: number): Tickets {
    const cells = 1 + count * (1 + UNTOLD);
    return new Tickets(new SharedArrayBuffer(cells * Int32Array.BYTES_PER_ELEMENT));
  }

  /** The next number. It need not belong to an input yet. */
  take(): number {
    return Atomics.add(this.#cells, 0, 1);
  }

  /** The next number, for a thread that has told of all but fewer than `UNTOLD`. */
  takeAs(thread: number): number {
    const ticket = this.take();
    this.#hold(thread, ticket);
    return ticket;
  }

  /** The thread has told of all that it took, but for `held`. */
  told(thread: number, held?: number): void {
    Atomics.store(this.#cells, baseOf(thread), 0);
    if (held !== undefined) this.#hold(thread, held);
  }

  /** What a thread took and has not told of, in the order in which it took it. */
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
  return 1 + thread * (1 + UNTOLD);
}
