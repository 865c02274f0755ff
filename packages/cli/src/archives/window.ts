import type { Input } from './inputs.ts';

/** Inputs that may be listed beyond the oldest one without a reported result: bounds memory while order is kept. */
export const WINDOW_SIZE = 512;

/** Inputs that follow each other. */
export interface Batch {
  /** Number of the first one. */
  readonly first: number;
  readonly inputs: readonly Input[];
}

/** The last `WINDOW_SIZE` inputs that were listed, by their numbers. */
export class Window {
  readonly #inputs: Input[] = [];
  /** Number of the next input to be listed. */
  end = 0;

  add({ first, inputs }: Batch): void {
    for (const [at, input] of inputs.entries()) this.#inputs[(first + at) % WINDOW_SIZE] = input;
    this.end = first + inputs.length;
  }

  /** The input with a number below `end`. */
  at(ticket: number): Input {
    return this.#inputs[ticket % WINDOW_SIZE]!;
  }

  /** The inputs from `first` on. */
  since(first: number): Batch {
    const inputs = Array.from({ length: this.end - first }, (_, at) => this.at(first + at));
    return { first, inputs };
  }
}
