import type { Work } from '../tasks.ts';

/** Work that a source has, and how far it was read with it. */
export interface Part {
  readonly works: readonly Work[];
  /** Given back to go on behind this part. */
  readonly seq: string;
  /** Makes the same work new: it has changed since. */
  readonly time?: string;
}

export interface SweepSource {
  /** By which the ledger knows it, and the queue its jobs. */
  readonly id: string;
  /** Whether a later run goes on where this one ended. Otherwise it begins anew, and inspects what is new. */
  readonly isEndless: boolean;
  /** Folder of its archives, where it has one. */
  readonly folder?: string;
  /** Whether `folder` holds one folder for each package, as verdaccio's storage does. */
  readonly byPackage?: boolean;
  /** In an order that does not change. @param after `seq` of a part. @param signal Ends it with an error, where it waits for somebody. */
  parts(after: string | undefined, signal?: AbortSignal): AsyncIterable<Part>;
}

/** An address of a source that is none, or a source that cannot be read. The message is for users. */
export class SourceError extends Error {
  /** Whether it may be read another time: it did not answer. */
  readonly isAway: boolean;

  constructor(
    message: string,
    { isAway = false, ...options }: ErrorOptions & { isAway?: boolean } = {},
  ) {
    super(message, options);
    this.isAway = isAway;
  }
}
