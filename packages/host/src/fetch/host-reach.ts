/* Remembers in one run which hosts cannot be reached, so that not every package waits for the same host. */

/** Errors of a connection that was never made. */
const UNREACHED = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** A host is given up when one request has used all its tries and never reached it. */
export class HostReach {
  readonly #lost = new Map<string, unknown>();

  /** @throws the error of the request for which the host was given up. */
  check(url: string): void {
    const error = this.#lost.get(new URL(url).host);
    if (error !== undefined) throw error;
  }

  /** Called with the error of the last try of a request. */
  note(url: string, error: unknown): void {
    if (isUnreached(error)) this.#lost.set(new URL(url).host, error);
  }
}

/** Whether an error, or one of its causes, says that no connection was made. */
export function isUnreached(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errors = [] } = error as NodeJS.ErrnoException & { readonly errors?: unknown[] };
  if (code !== undefined && UNREACHED.has(code)) return true;
  return isUnreached(error.cause) || errors.some(isUnreached);
}
