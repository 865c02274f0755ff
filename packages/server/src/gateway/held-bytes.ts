/* Keeps the bytes of one download or upload in memory. */

/** The first memory for a body without an announced length. It doubles. */
const FIRST = 16 * 1024;

export class HeldBytes {
  readonly #capacityMax: number;
  readonly #take: (bytes: number) => boolean;
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;

  /**
   * @param capacityMax The most bytes that are kept: the announced length, if that is less.
   * @param take Reserves memory for so many more bytes, or returns false.
   */
  constructor(capacityMax: number, take: (bytes: number) => boolean) {
    this.#capacityMax = capacityMax;
    this.#take = take;
  }

  /**
   * Adds a copy of a part, because the part may be a view of larger memory that others may change. Returns false without memory.
   * @param announced The announced total.
   */
  add(part: Uint8Array, announced?: number): boolean {
    const length = this.#length + part.length;
    if (length > this.#buffer.length && !this.#grow(length, announced)) return false;
    this.#buffer.set(part, this.#length);
    this.#length = length;
    return true;
  }

  /** The content. Nothing may be added afterwards. */
  get content(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** The reserved memory. */
  get capacity(): number {
    return this.#buffer.length;
  }

  #grow(length: number, announced = Math.max(FIRST, this.#buffer.length * 2)): boolean {
    const capacity = Math.min(Math.max(length, announced), this.#capacityMax);
    if (capacity < length || !this.#take(capacity - this.#buffer.length)) return false;
    // This buffer has its own memory, so no other view of it exists.
    const grown = Buffer.allocUnsafeSlow(capacity);
    grown.set(this.content);
    this.#buffer = grown;
    return true;
  }
}
