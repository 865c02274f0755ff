/** The reasons why an operation fails. A hostile archive is not among them: it gets a finding. */
export type TarwardenErrorCode =
  | 'POLICY_INVALID'
  | 'POLICY_UNREADABLE'
  | 'POLICY_UNTRUSTED'
  | 'NOT_INSPECTED'
  | 'FETCH_FAILED'
  | 'STORE_FAILED'
  | 'NOT_CHECKED'
  | 'NOT_SEALED'
  | 'KEY_UNUSABLE'
  | 'NOT_WRITTEN';

/** An error that a person can act on: usage, I/O, configuration, or something that could not be inspected. */
export class TarwardenError extends Error {
  override readonly name = 'TarwardenError';
  readonly code: TarwardenErrorCode;

  constructor(code: TarwardenErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
