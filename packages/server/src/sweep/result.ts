import type { Verdict } from '@tarwarden/core';

/** An archive with its verdict, as the ledger has it. Every text is printable. */
export interface InspectedArchive {
  /** Where it was found, for people: a package and its version, or a path. */
  readonly item: string;
  readonly name: string;
  readonly version: string;
  /** `addressOf` all that was asked: 64 hex digits. */
  readonly context: string;
  readonly ruleset: string;
  readonly verdict: Verdict;
  /** The signed verdict, where there is a key. */
  readonly envelope?: string | undefined;
  /** When it was published, ISO 8601. */
  readonly published: string | null;
  /** The program that made the archive, and its major version. */
  readonly packer: string;
}

/** An archive without a verdict. It gets none until a later sweep tries it again. Every text is printable. */
export interface UninspectedArchive {
  readonly item: string;
  readonly reason: string;
}
