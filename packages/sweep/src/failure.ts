/** Why something has no verdict. The message is for people, and of our own words alone. */
export class SweepFailure extends Error {
  /** Whether another try would end the same. */
  readonly isFinal: boolean;

  constructor(message: string, isFinal: boolean, options?: ErrorOptions) {
    super(message, options);
    this.isFinal = isFinal;
  }
}

export function failureOf(error: unknown): SweepFailure {
  if (error instanceof SweepFailure) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new SweepFailure(why, false, { cause: error });
}
