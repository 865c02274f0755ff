import type { Input } from './inputs.ts';

/** Inputs that may be listed beyond the oldest one that is not reported: what bounds memory while the order is kept. */
export const WINDOW = 512;

/** Inputs that follow each other. */
export interface Stretch {
  /** Number of the first one. */
  readonly from: number;
  readonly inputs: readonly Input[];
}

/** The last `WINDOW` inputs of a scan, by their numbers. */
export class Listed {
  readonly #inputs: Input[] = [];
  /** Number of the next input. */
  end = 0;

  add({ from, inputs }: Stretch): void {
    for (const [at, input] of inputs.entries()) this.#inputs[(from + at) % WINDOW] = input;
    this.end = from + inputs.length;
  }

  /** The input of a number below `end`. */
  at(ticket: number): Input {
    return this.#inputs[ticket % WINDOW]!;
  }

  since(from: number): Stretch {
    const inputs = Array.from({ length: this.end - from }, (_, at) => this.at(from + at));
    return { from, inputs };
  }
}
