/**
 * The refusals of one process. A client may swallow an error (an optional dependency, a fall-back to git), so the first
 * refusal is thrown again by whatever comes next, and the command does not end with success.
 */
export class Refusals<E extends Error> {
  readonly #all: E[] = [];
  readonly #onFirst: () => void;

  /** @param onFirst Called at the first refusal: where the exit code is seen to. */
  constructor(onFirst: () => void = () => undefined) {
    this.#onFirst = onFirst;
  }

  /** In the order in which they came. */
  get all(): readonly E[] {
    return this.#all;
  }

  /** Keeps a refusal, once, and returns it to be thrown. */
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
