import type { Work } from '../tasks.ts';

/** A part of a source's work, and the position after it. */
export interface Part {
  readonly works: readonly Work[];
  /** Passed to `parts` to continue after this part. */
  readonly seq: string;
  /** Distinguishes the same work after a change. */
  readonly time?: string;
}

export interface SweepSource {
  /** Identifies the source for the ledger, and its jobs for the queue. */
  readonly id: string;
  /** Whether a later run continues at the last position. Otherwise it starts again and inspects new archives. */
  readonly isEndless: boolean;
  /** The folder of its archives, if there is one. */
  readonly folder?: string;
  /** Whether `folder` contains one folder for each package, as verdaccio's storage does. */
  readonly byPackage?: boolean;
  /** In a fixed order. @param after `seq` of a part. @param signal Ends a wait with an error. */
  parts(after: string | undefined, signal?: AbortSignal): AsyncIterable<Part>;
}

/** The text is not the address of a source, or the source cannot be read. The message is for users. */
export class SourceError extends Error {
  /** Whether a later try may succeed: the source did not answer. */
  readonly isAway: boolean;

  constructor(
    message: string,
    { isAway = false, ...options }: ErrorOptions & { isAway?: boolean } = {},
  ) {
    super(message, options);
    this.isAway = isAway;
  }
}
