/** The client must not be run. The message is for the user. */
export class ConfineError extends Error {
  override readonly name = 'ConfineError';
}
