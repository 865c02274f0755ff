/* Advisory records in OSV form (https://ossf.github.io/osv-schema/), as far as they are read here. */
import * as v from 'valibot';

/** The kinds of harm that a hostile package can do through a hole. */
export const KINDS = [
  'link',
  'path',
  'differential',
  'dos',
  'bin',
  'identity',
  'integrity',
  'permissions',
  'code',
] as const;

/** The ways in which a hostile package reaches a hole, the worst first. */
const KNOWN_REACHES = ['manager', 'repository', 'script', 'none'] as const;

/** `unclassified`: a record of OSV that is not classified yet, which may be the worst. */
export const REACHES = ['manager', 'unclassified', 'repository', 'script', 'none'] as const;

export type HoleKind = (typeof KINDS)[number] | 'unclassified';
export type Reach = (typeof REACHES)[number];
export type AdvisorySeverity = 'high' | 'medium' | 'low';

export interface AdvisoryRecord {
  readonly id: string;
  readonly modified: string;
  readonly withdrawn?: string | undefined;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly affected: readonly Affected[];
  readonly references: readonly { readonly type: string; readonly url: string }[];
  readonly database_specific: { readonly tarwarden: Remarks };
}

export interface Affected {
  readonly package?: { readonly ecosystem: string; readonly name: string } | undefined;
  readonly ranges?: readonly VersionRange[] | undefined;
  readonly versions?: readonly string[] | undefined;
  readonly database_specific?: { readonly tarwarden?: Product | undefined } | undefined;
}

/** A product that is no package of OSV. */
export interface Product {
  readonly product: 'cpython';
  readonly ranges: readonly VersionRange[];
  /** The range includes newer versions, although some of them may be fixed. */
  readonly fixesUnknown?: boolean | undefined;
}

export interface VersionRange {
  readonly type: 'SEMVER' | 'ECOSYSTEM' | 'GIT';
  readonly events: readonly RangeEvent[];
}

export type RangeEvent =
  | { readonly introduced: string }
  | { readonly fixed: string }
  | { readonly last_affected: string }
  | { readonly limit: string };

/** Our remarks on a record, besides the data of its source. */
export interface Remarks {
  readonly kind: HoleKind;
  /** For the copy with which a manager unpacks packages. */
  readonly reach: Reach;
  /** The severity of the source. Only for a record that is not classified. */
  readonly severity?: AdvisorySeverity | undefined;
  /** For a copy among the dependencies of a project. */
  readonly reachInProject?: Reach | undefined;
  /** A condition, which continues "only …". */
  readonly when?: string | undefined;
  /** The affected values of `process.platform`. All if absent. */
  readonly platforms?: readonly string[] | undefined;
  /** A Python whose tarfile has filters (PEP 706) is not affected. */
  readonly notWithTarFilter?: boolean | undefined;
  readonly notReachedBecause?: string | undefined;
  readonly source: string;
  /** Whether somebody has read the id and the range in the source. */
  readonly verified: boolean;
  readonly note?: string | undefined;
}

/** Only characters that have no special meaning in a path or a shell. */
const recordId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/));

const version = v.pipe(v.string(), v.maxLength(256));
const short = v.pipe(v.string(), v.maxLength(1000));

const event = v.union([
  v.object({ introduced: version }),
  v.object({ fixed: version }),
  v.object({ last_affected: version }),
  v.object({ limit: version }),
]);

const range = v.object({
  type: v.picklist(['SEMVER', 'ECOSYSTEM', 'GIT']),
  events: v.pipe(v.array(event), v.minLength(1), v.maxLength(1000)),
});

const product = v.object({
  product: v.picklist(['cpython']),
  ranges: v.array(range),
  fixesUnknown: v.optional(v.boolean()),
});

const affected = v.object({
  package: v.optional(v.object({ ecosystem: short, name: short })),
  ranges: v.optional(v.array(range)),
  versions: v.optional(v.pipe(v.array(version), v.maxLength(10_000))),
  database_specific: v.optional(v.object({ tarwarden: v.optional(product) })),
});

const own = v.object({
  kind: v.picklist(KINDS),
  reach: v.picklist(KNOWN_REACHES),
  reachInProject: v.optional(v.picklist(KNOWN_REACHES)),
  when: v.optional(short),
  platforms: v.optional(v.array(short)),
  notWithTarFilter: v.optional(v.boolean()),
  notReachedBecause: v.optional(short),
  source: short,
  verified: v.boolean(),
  note: v.optional(short),
});

const record = v.object({
  id: recordId,
  modified: v.pipe(v.string(), v.maxLength(40)),
  withdrawn: v.optional(v.pipe(v.string(), v.maxLength(40))),
  aliases: v.optional(v.pipe(v.array(short), v.maxLength(100)), []),
  summary: v.optional(short, ''),
  affected: v.pipe(v.array(affected), v.maxLength(1000)),
  references: v.optional(v.array(v.object({ type: short, url: short })), []),
  database_specific: v.object({ tarwarden: own }),
});

/** Undefined if the value is not one of our records. */
export function readAdvisory(value: unknown): AdvisoryRecord | undefined {
  const result = v.safeParse(record, value);
  return result.success ? result.output : undefined;
}

/** A record as OSV publishes it, as far as it is read here. */
export interface PublishedRecord {
  readonly id: string;
  readonly modified: string;
  readonly withdrawn?: string | undefined;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly details: string;
  readonly affected: readonly PublishedPart[];
  readonly references: readonly { readonly type: string; readonly url: string }[];
  readonly database_specific?: { readonly severity?: string | null | undefined } | undefined;
}

type PublishedPart = Pick<Affected, 'package' | 'ranges' | 'versions'>;

const text = v.pipe(
  v.string(),
  v.transform((whole) => whole.slice(0, 1000)),
);

const published = v.object({
  id: recordId,
  modified: v.pipe(v.string(), v.maxLength(40)),
  withdrawn: v.optional(v.pipe(v.string(), v.maxLength(40))),
  aliases: v.optional(v.pipe(v.array(recordId), v.maxLength(100)), []),
  summary: v.optional(text, ''),
  details: v.optional(text, ''),
  affected: v.optional(
    v.pipe(
      v.array(
        v.object({
          package: v.optional(v.object({ ecosystem: short, name: short })),
          ranges: v.optional(v.pipe(v.array(range), v.maxLength(1000))),
          versions: v.optional(v.pipe(v.array(version), v.maxLength(10_000))),
        }),
      ),
      v.maxLength(1000),
    ),
    [],
  ),
  references: v.optional(
    v.pipe(v.array(v.object({ type: short, url: v.string() })), v.maxLength(1000)),
    [],
  ),
  database_specific: v.optional(v.object({ severity: v.nullish(v.string()) })),
});

/** Undefined if the value is not a record in OSV form. */
export function readPublishedAdvisory(value: unknown): PublishedRecord | undefined {
  const result = v.safeParse(published, value);
  return result.success ? result.output : undefined;
}
