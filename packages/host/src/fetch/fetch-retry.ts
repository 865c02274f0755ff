/* How often a download is tried, and how long between. */
import type { NetworkSettings } from './fetch-settings.ts';

/** As npm has them. Milliseconds. */
const RETRIES = 2;
const FACTOR = 10;
const MIN_MS = 10_000;
const MAX_MS = 60_000;

/** The answer of a server that would not answer otherwise the next time. */
const FINAL_STATUSES = new Set([401, 403, 404]);

/** An answer other than the tarball. */
export class StatusError extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(`${status} ${text}`.trim());
    this.status = status;
  }

  get isFinal(): boolean {
    return FINAL_STATUSES.has(this.status);
  }
}

/** Milliseconds before each further try. */
export function pausesOf(settings: NetworkSettings): number[] {
  const { retries = RETRIES, retryFactor = FACTOR } = settings;
  const { retryMinTimeout = MIN_MS, retryMaxTimeout = MAX_MS } = settings;
  return Array.from({ length: Math.max(0, Math.floor(retries)) }, (_, tried) =>
    Math.min(retryMinTimeout * retryFactor ** tried, retryMaxTimeout),
  );
}

/** Whether a download failed since the server has no such file. */
export function isNotFound(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof StatusError && cause.status === 404;
}
