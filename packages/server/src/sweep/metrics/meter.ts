import type { FailureKind } from '../failure.ts';

/** Counts what a process does. Nothing that it is given names a package or a host. */
export interface Meter {
  /** @param seconds From asking for the archive to its verdict. */
  inspected(result: 'accept' | 'reject', bytes: number, seconds: number): void;
  notInspected(kind: FailureKind): void;
  /** The registry answered; undefined where it did not. */
  answered(status: number | undefined): void;
  /** A task was left by a worker that is gone. */
  stalled(): void;
}
