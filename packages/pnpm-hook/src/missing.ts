import type { Messages } from './messages.ts';
import type { Source } from './source.ts';

/** An optional package that the registry does not have. Nothing is refused, and nothing is installed. */
export class MissingError extends Error {}

/** Says that it is left out. */
export function missing({ id }: Source, messages: Messages): MissingError {
  const message = `${id}, which is optional, is not on its registry (404), and is left out`;
  messages.warn(message);
  return new MissingError(`tarwarden: ${message}`);
}
