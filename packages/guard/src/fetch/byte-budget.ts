/** Gives out shares of a number of bytes, or of places, in the order of the requests. */
export class ByteBudget {
  readonly #bytesMax: number;
  readonly #waiting: { readonly bytes: number; readonly go: () => void }[] = [];
  /** Shares that wait to grow without a limit. Only one share at a time may grow so. */
  readonly #growing: (() => void)[] = [];
  #grows = false;
  #used = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** How many requests wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  share(): ByteShare {
    let taken = 0;
    let grows = false;
    let released = false;
    return {
      take: (bytes) => {
        const size = Math.min(bytes, this.#bytesMax);
        const go = (): void => {
          if (released) this.#give(size);
          else taken += size;
        };
        if (this.#waiting.length === 0 && this.#used + size <= this.#bytesMax) {
          this.#used += size;
          go();
          return undefined;
        }
        return new Promise((resolve) => {
          this.#waiting.push({ bytes: size, go: () => (go(), resolve()) });
        });
      },
      resize: (bytes) => {
        if (released) return;
        const less = taken - bytes;
        taken = bytes;
        this.#give(less);
      },
      growAlone: () => {
        const go = (): void => {
          if (released) this.#next();
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
        if (grows) this.#next();
        grows = false;
        this.#give(taken);
        taken = 0;
      },
    };
  }

  #next(): void {
    const next = this.#growing.shift();
    this.#grows = next !== undefined;
    next?.();
  }

  #give(bytes: number): void {
    this.#used -= bytes;
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined || this.#used + first.bytes > this.#bytesMax) return;
      this.#waiting.shift();
      this.#used += first.bytes;
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
