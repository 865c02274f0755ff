/* Bytes that are kept in memory, of one download or upload. */

/** Memory for a body without an announced length. It doubles. */
const FIRST = 16 * 1024;

export class HeldBytes {
  readonly #capacityMax: number;
  readonly #take: (bytes: number) => boolean;
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;

  /**
   * @param capacityMax Bytes of the longest that is kept: as many as were announced, where that is less.
   * @param take Answers whether there is memory for so many more bytes, which are then in use.
   */
  constructor(capacityMax: number, take: (bytes: number) => boolean) {
    this.#capacityMax = capacityMax;
    this.#take = take;
  }

  /**
   * Whether a part was added. It is copied: it may be a piece of much larger memory, which others may change.
   * @param announced Bytes that are to come in all.
   */
  add(part: Uint8Array, announced?: number): boolean {
    const length = this.#length + part.length;
    if (length > this.#buffer.length && !this.#grow(length, announced)) return false;
    this.#buffer.set(part, this.#length);
    this.#length = length;
    return true;
  }

  /** The bytes that were added. Add nothing after that. */
  get content(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Memory that is in use. */
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
