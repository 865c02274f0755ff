/** A fixed set of failures: no word comes from an archive, a host or a package. */
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

/** The reason why something has no verdict. The message is for people and contains only our own words. */
export class SweepFailure extends Error {
  /** Whether another try would fail the same way. */
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
