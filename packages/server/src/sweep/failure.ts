/** Kinds of failures: a fixed list of words, which name no archive, host or package. */
export type FailureKind =
  | 'broken-off'
  | 'document'
  | 'file'
  | 'host'
  | 'integrity'
  | 'other'
  | 'redirect'
  | 'status'
  | 'too-long'
  | 'unreachable';

/** Why something has no verdict. The message is for people, and of our own words alone. */
export class SweepFailure extends Error {
  /** Whether another try would end the same. */
  readonly isFinal: boolean;
  readonly kind: FailureKind;

  constructor(
    message: string,
    isFinal: boolean,
    { kind = 'other', ...options }: ErrorOptions & { readonly kind?: FailureKind } = {},
  ) {
    super(message, options);
    this.isFinal = isFinal;
    this.kind = kind;
  }
}

export function failureOf(error: unknown): SweepFailure {
  if (error instanceof SweepFailure) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new SweepFailure(why, false, { cause: error });
}
