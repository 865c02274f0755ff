import type { FailureKind } from '../failure.ts';

/** Counts the work of a process. No argument names a package or a host. */
export interface Meter {
  /** @param seconds From the request of the archive to its verdict. */
  inspected(result: 'accept' | 'reject', bytes: number, seconds: number): void;
  notInspected(kind: FailureKind): void;
  /** The registry answered; undefined if it did not. */
  answered(status: number | undefined): void;
  /** A worker disappeared and left a task. */
  stalled(): void;
}
