import type { Input } from './inputs.ts';

/** Inputs that may be listed beyond the oldest one without a reported result. It bounds the memory for keeping the order. */
export const WINDOW_SIZE = 512;

/** Consecutive inputs. */
export interface Batch {
  /** The number of the first input. */
  readonly first: number;
  readonly inputs: readonly Input[];
}

/** The last `WINDOW_SIZE` inputs that were listed, by their numbers. */
export class InputWindow {
  readonly #inputs: Input[] = [];
  /** The number of the next input to be listed. */
  end = 0;

  add({ first, inputs }: Batch): void {
    for (const [at, input] of inputs.entries()) this.#inputs[(first + at) % WINDOW_SIZE] = input;
    this.end = first + inputs.length;
  }

  /** The input with a number below `end`. */
  at(ticket: number): Input {
    return this.#inputs[ticket % WINDOW_SIZE]!;
  }

  since(first: number): Batch {
    const inputs = Array.from({ length: this.end - first }, (_, at) => this.at(first + at));
    return { first, inputs };
  }
}
