import type { RangeEvent } from './record.ts';

/** Negative if `a` is older than `b`, 0 if they are equal, positive if `a` is newer. */
export type VersionComparator = (a: string, b: string) => number;

/** OSV's word for "before every version". */
const START = '0';

/** Events at the same version: the end of a range comes before the start of the next one. `last_affected` ends after its version. */
const ORDER = ['fixed', 'introduced', 'last_affected'] as const;

type RangeStep = readonly [kind: (typeof ORDER)[number], version: string];

/**
 * Whether a version is in a range, by the algorithm of OSV's specification. Advisories name the first affected release, and its
 * pre-releases had the hole too, so these count as well. Errors of `compare` are thrown on.
 *
 * @param release The release that a pre-release belongs to, else the version itself.
 */
export function isInRange(
  version: string,
  events: readonly RangeEvent[],
  {
    compare,
    release = version,
  }: { readonly compare: VersionComparator; readonly release?: string },
): boolean {
  const limits = events.flatMap((event) => ('limit' in event ? [event.limit] : []));
  if (limits.length > 0 && !limits.some((limit) => limit === '*' || compare(version, limit) < 0))
    return false;
  let affected = false;
  for (const [kind, at] of sorted(events, compare)) {
    const order = at === START ? 1 : compare(kind === 'introduced' ? release : version, at);
    if (kind === 'last_affected' ? order > 0 : order >= 0) affected = kind === 'introduced';
  }
  return affected;
}

function sorted(events: readonly RangeEvent[], compare: VersionComparator): RangeStep[] {
  return events
    .flatMap((event): RangeStep[] => {
      if ('introduced' in event) return [['introduced', event.introduced]];
      if ('fixed' in event) return [['fixed', event.fixed]];
      return 'last_affected' in event ? [['last_affected', event.last_affected]] : [];
    })
    .toSorted(
      ([a, version], [b, other]) =>
        fromStart(version, other, compare) || ORDER.indexOf(a) - ORDER.indexOf(b),
    );
}

function fromStart(version: string, other: string, compare: VersionComparator): number {
  if (version === START || other === START)
    return Number(version !== START) - Number(other !== START);
  return compare(version, other);
}
