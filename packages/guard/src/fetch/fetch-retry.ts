/* The number of tries of a download, and the pauses between them. */
import type { NetworkSettings } from './fetch-settings.ts';

/** npm's defaults. Milliseconds. */
const RETRIES = 2;
const FACTOR = 10;
const MIN_MS = 10_000;
const MAX_MS = 60_000;

/** With these statuses, the server would give the same answer to the next try. */
const FINAL_STATUSES = new Set([401, 403, 404]);

/** Statuses of servers that have nothing under this kind of address. */
const NO_ROUTE_STATUSES = new Set([400, 404, 405, 410, 501]);

/** Errors of certificates that no trusted authority signed, or that are for another host. npm does not retry these either. */
const UNTRUSTED = new Set(
  (
    'CERT_CHAIN_TOO_LONG CERT_HAS_EXPIRED CERT_NOT_YET_VALID CERT_REJECTED CERT_REVOKED ' +
    'CERT_SIGNATURE_FAILURE CERT_UNTRUSTED DEPTH_ZERO_SELF_SIGNED_CERT ' +
    'ERR_TLS_CERT_ALTNAME_INVALID HOSTNAME_MISMATCH INVALID_CA INVALID_PURPOSE ' +
    'PATH_LENGTH_EXCEEDED SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_GET_ISSUER_CERT ' +
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY UNABLE_TO_VERIFY_LEAF_SIGNATURE'
  ).split(' '),
);

/** The server answered with another status than 200. */
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

/** Whether a download failed because the server has no such file. */
export function isNotFound(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof StatusError && cause.status === 404;
}

/** Whether a download failed because the server has no such file, or never has one under such an address. */
export function isNoRoute(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof StatusError && NO_ROUTE_STATUSES.has(cause.status);
}

/** Whether a download failed because the server's certificate is not trusted. */
export function isUntrusted(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (code !== undefined && UNTRUSTED.has(code)) || isUntrusted(error.cause);
}
