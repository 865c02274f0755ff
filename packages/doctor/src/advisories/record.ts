/*
 * The advisory records of data/advisories, in OSV form (https://ossf.github.io/osv-schema/), as far as they are read here. The build puts
 * them into one file of the command. Tests check each record against OSV's schema and against these types.
 */

/** The ways in which a hostile package reaches a hole, the worst first. */
export const REACHES = ['manager', 'repository', 'script', 'none'] as const;

export type Reach = (typeof REACHES)[number];

export interface AdvisoryRecord {
  readonly id: string;
  readonly modified: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly affected: readonly Affected[];
  readonly references: readonly { readonly type: string; readonly url: string }[];
  readonly database_specific: { readonly tarwarden: Remarks };
}

export interface Affected {
  readonly package?: { readonly ecosystem: string; readonly name: string };
  readonly ranges?: readonly VersionRange[];
  /** A product that is no package of OSV. */
  readonly database_specific?: {
    readonly tarwarden?: {
      readonly product: 'cpython';
      readonly ranges: readonly VersionRange[];
      /** The range includes newer versions, although some of them may be fixed. */
      readonly fixesUnknown?: boolean;
    };
  };
}

/** The events are in the order of their versions. */
export interface VersionRange {
  readonly type: 'SEMVER' | 'ECOSYSTEM';
  readonly events: readonly RangeEvent[];
}

export type RangeEvent = { readonly introduced: string } | { readonly fixed: string };

/** Our remarks on a record, besides the data of its source. */
export interface Remarks {
  /** The kind of harm that a hostile package can do through the hole, such as `path` or `dos`. */
  readonly kind: string;
  /** For the copy with which a manager unpacks packages. */
  readonly reach: Reach;
  /** For a copy among the dependencies of a project. */
  readonly reachInProject?: Reach;
  /** A condition, which continues "only …". */
  readonly when?: string;
  /** The affected values of `process.platform`. All if absent. */
  readonly platforms?: readonly string[];
  /** A Python whose tarfile has filters (PEP 706) is not affected. */
  readonly notWithTarFilter?: boolean;
  readonly notReachedBecause?: string;
  readonly source: string;
  /** Whether somebody has read the id and the range in the source. */
  readonly verified: boolean;
  readonly note?: string;
}
