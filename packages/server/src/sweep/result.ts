import type { Verdict } from '@tarwarden/core';

/** An archive with its verdict, as the ledger stores it. Every text is printable. */
export interface LedgerVerdict {
  /** The archive's name for people: a package and its version, or a path. */
  readonly item: string;
  readonly name: string;
  readonly version: string;
  /** The address of the whole question. 64 hex digits. */
  readonly context: string;
  readonly ruleset: string;
  readonly verdict: Verdict;
  /** The signed verdict, if there is a key. */
  readonly envelope?: string | undefined;
  /** The time of publication, ISO 8601. */
  readonly published: string | null;
  /** The program that made the archive, and its major version. */
  readonly packer: string;
}

/** An archive that has no verdict until a later sweep finds it again. Every text is printable. */
export interface LedgerFailure {
  readonly item: string;
  readonly reason: string;
}
