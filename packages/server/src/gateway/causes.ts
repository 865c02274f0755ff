/* Puts the causes of a failure into words for the log: one line without a stack. */
import { printable, redactUrl } from '@tarwarden/core/text';

/** The most causes of causes, and the most characters of each. */
const DEPTH_MAX = 5;
const CHARACTERS_MAX = 300;

/** The cause, its cause, and so on: `UND_ERR_CONNECT_TIMEOUT: Connect Timeout Error`. */
export function causeWords(error: unknown): string | undefined {
  const words: string[] = [];
  let cause = error;
  for (let depth = 0; depth < DEPTH_MAX && cause instanceof Error; depth += 1) {
    const text = errorWords(cause);
    if (!words.some((before) => before.includes(text))) words.push(text);
    // Node has tried several addresses of one name: the last failure stands for all of them.
    cause = cause instanceof AggregateError ? (cause.errors.at(-1) as unknown) : cause.cause;
  }
  return words.length === 0 ? undefined : words.join(', because ');
}

/** The code of the failure, or of its first cause that has one: `ECONNREFUSED`. It contains no address. */
export function causeCode(error: unknown): string | undefined {
  let cause = error;
  for (let depth = 0; depth < DEPTH_MAX && cause instanceof Error; depth += 1) {
    const { code } = cause as { readonly code?: unknown };
    if (typeof code === 'string' && /^\w{1,64}$/.test(code)) return code;
    cause = cause.cause;
  }
  return undefined;
}

function errorWords(error: Error): string {
  const { code } = error as { readonly code?: unknown };
  const message = printable(redactUrl(error.message), CHARACTERS_MAX);
  if (typeof code !== 'string' || message.includes(code)) return message;
  return message === '' ? code : `${code}: ${message}`;
}
