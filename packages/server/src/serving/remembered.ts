/** Keeps the values that were set last, and forgets the others. */
export class Remembered<Value> {
  readonly #max: number;
  readonly #values = new Map<string, Value>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Takes over the values of another one whose keys a function accepts. */
  take(other: Remembered<Value>, accepts: (key: string) => boolean): void {
    for (const [key, value] of other.#values) if (accepts(key)) this.#values.set(key, value);
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#max) this.#values.delete(this.#values.keys().next().value!);
  }

  delete(key: string): void {
    this.#values.delete(key);
  }
}
