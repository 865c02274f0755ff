/** Why nothing is run. The message is for the person who typed the command. */
export class ConfineError extends Error {
  override readonly name = 'ConfineError';
}
