/**
 * The refusals of one process. A client may swallow an error (an optional dependency, a fall-back to git). So the next guarded call
 * throws the first refusal again, and the command cannot end with success.
 */
export class Refusals<E extends Error> {
  readonly #all: E[] = [];
  readonly #onFirst: () => void;

  /** @param onFirst Called at the first refusal, to set the exit code. */
  constructor(onFirst: () => void = () => undefined) {
    this.#onFirst = onFirst;
  }

  /** In order of time. */
  get all(): readonly E[] {
    return this.#all;
  }

  /** Keeps a refusal once, and returns it for the caller to throw. */
  add(refusal: E): E {
    if (this.#all.includes(refusal)) return refusal;
    this.#all.push(refusal);
    if (this.#all.length === 1) this.#onFirst();
    return refusal;
  }

  /** Throws the first refusal, if there is one. */
  rethrow(): void {
    const [first] = this.#all;
    if (first !== undefined) throw first;
  }
}
