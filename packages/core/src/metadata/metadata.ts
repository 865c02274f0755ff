import type { Entry } from '../containers/entry.ts';
import type { ManifestFacts } from '../finding/verdict.ts';
import type { Body } from '../tree/body.ts';

/** What packages of a format say of themselves, gathered while their entries pass. */
export interface Metadata {
  /** Where to put the content of an entry, given with its path in the package; undefined where it is not wanted. */
  bodyFor(entry: Entry, key: string): Body | undefined;
  /** Takes what describes the package, where it does not lie among the entries. */
  describe?(document: Buffer): void;
  /** All entries have passed. */
  end(): void;
  /** What readable metadata claims, once all entries have passed. */
  readonly claimed: ManifestFacts | undefined;
}
