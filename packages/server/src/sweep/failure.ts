import type { ScanErrorCode } from '@tarwarden/core/report';
import { GatewayAnswer } from '../gateway/answers.ts';

/** A list, a cache, a file or a queue cannot be used. The message is for users. */
export class SweepUsageError extends Error {}

/** The reason why an archive has no verdict. */
export interface SweepFailure {
  readonly code: ScanErrorCode;
  readonly message: string;
  /** Whether another try would fail in the same way. */
  readonly isFinal: boolean;
}

/** Statuses that another try would not change. */
const FINAL = new Set([400, 401, 403, 404, 405, 410, 413, 451]);

export function sweepFailure(error: unknown): SweepFailure {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof GatewayAnswer
    ? { code: 'NOT_FETCHED', message, isFinal: FINAL.has(error.status) }
    : { code: 'CRASHED', message, isFinal: false };
}
