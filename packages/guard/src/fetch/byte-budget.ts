/** Gives out shares of a number of bytes, or of places, in the order of the requests. */
export class ByteBudget {
  readonly #bytesMax: number;
  readonly #waiting: { readonly bytes: number; readonly go: () => void }[] = [];
  /** Shares that wait to grow without a limit. Only one share at a time may grow so. */
  readonly #growing: (() => void)[] = [];
  #grows = false;
  #usedBytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** How many requests wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  share(): ByteShare {
    let takenBytes = 0;
    let grows = false;
    let released = false;
    return {
      take: (bytes) => {
        const size = Math.min(bytes, this.#bytesMax);
        const go = (): void => {
          if (released) this.#give(size);
          else takenBytes += size;
        };
        if (this.#waiting.length === 0 && this.#usedBytes + size <= this.#bytesMax) {
          this.#usedBytes += size;
          go();
          return undefined;
        }
        return new Promise((resolve) => {
          this.#waiting.push({ bytes: size, go: () => (go(), resolve()) });
        });
      },
      resize: (bytes) => {
        if (released) return;
        const less = takenBytes - bytes;
        takenBytes = bytes;
        this.#give(less);
      },
      growAlone: () => {
        const go = (): void => {
          if (released) this.#growNext();
          else grows = true;
        };
        if (!this.#grows) {
          this.#grows = true;
          go();
          return undefined;
        }
        return new Promise((resolve) => void this.#growing.push(() => (go(), resolve())));
      },
      release: () => {
        released = true;
        if (grows) this.#growNext();
        grows = false;
        this.#give(takenBytes);
        takenBytes = 0;
      },
    };
  }

  #growNext(): void {
    const growNext = this.#growing.shift();
    this.#grows = growNext !== undefined;
    growNext?.();
  }

  #give(bytes: number): void {
    this.#usedBytes -= bytes;
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined || this.#usedBytes + first.bytes > this.#bytesMax) return;
      this.#waiting.shift();
      this.#usedBytes += first.bytes;
      first.go();
    }
  }
}

/** Part of a {@link ByteBudget}. A method that returns undefined needs no waiting. */
export interface ByteShare {
  take(bytes: number): Promise<void> | undefined;
  /** Changes the share to the bytes that have arrived, without waiting. If that exceeds the budget, other shares wait. */
  resize(bytes: number): void;
  /** Waits for the turn of a body that is longer than its share: only one such body is read at a time. */
  growAlone(): Promise<void> | undefined;
  release(): void;
}
