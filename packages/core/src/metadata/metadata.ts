import type { Entry } from '../containers/entry.ts';
import type { ManifestFacts } from '../finding/verdict.ts';
import type { Body } from '../tree/body.ts';

/** The metadata of a package, collected while its entries are read. */
export interface Metadata {
  /** Returns where to put the content of an entry, by its path in the package. Undefined if the content is not wanted. */
  bodyFor(entry: Entry, key: string): Body | undefined;
  /** Receives the document that describes the package, if it is not one of the entries. */
  describe?(document: Buffer): void;
  /** Called after the last entry. */
  end(): void;
  /** The identity that the metadata claims, after the last entry. */
  readonly claimed: ManifestFacts | undefined;
}
