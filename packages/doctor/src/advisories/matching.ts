/* Finds the advisory records that a component falls under. */
import type { Component, OsvEcosystem } from '../component.ts';
import type { AdvisoryRecord, Affected, RangeEvent, VersionRange } from './record.ts';
import { comparatorOf, releaseOf } from './versions.ts';

export interface Match {
  readonly record: AdvisoryRecord;
  /** Newer versions may be fixed, and the record does not say which. Only a distribution can know. */
  readonly uncertain: boolean;
}

/** Records by ecosystem and package, so that each package of a large lockfile is one look-up. */
export type RecordIndex = ReadonlyMap<string, readonly AdvisoryRecord[]>;

export function indexRecords(records: readonly AdvisoryRecord[]): RecordIndex {
  const index = new Map<string, AdvisoryRecord[]>();
  for (const record of records) {
    for (const key of new Set(record.affected.map(affectedKey)))
      index.set(key, [...(index.get(key) ?? []), record]);
  }
  return index;
}

/** The names of an ecosystem's packages that have records. */
export function watchedNames(index: RecordIndex, ecosystem: OsvEcosystem): string[] {
  const keys = [...index.keys()].map((key) => key.split('\n'));
  return keys.flatMap(([prefix, name = '']) => (prefix === ecosystem ? [name] : []));
}

/** The records that a component falls under. It throws a VersionError for a version that cannot be compared. */
export function matchesOf(component: Component, index: RecordIndex): readonly Match[] {
  return (index.get(componentKey(component)) ?? []).flatMap((record) => {
    const hits = partsFor(component, record).filter((affected) =>
      rangesOf(affected).some(({ events }) => isInRange(component, events)),
    );
    const isUncertain = (affected: Affected): boolean =>
      affected.database_specific?.tarwarden?.fixesUnknown === true;
    return hits.length > 0 ? { record, uncertain: hits.every(isUncertain) } : [];
  });
}

/**
 * Whether a version is in a range, by the algorithm of OSV's specification. Advisories name the first affected release, and its
 * pre-releases had the hole too, so these count as well. It throws a VersionError for a version that cannot
 * be compared.
 */
export function isInRange(
  { ecosystem, version }: Pick<Component, 'ecosystem' | 'version'>,
  events: readonly RangeEvent[],
): boolean {
  const compare = comparatorOf(ecosystem);
  compare(version, version);
  const release = releaseOf(ecosystem, version);
  let affected = false;
  for (const event of events) {
    if ('fixed' in event) affected &&= compare(version, event.fixed) < 0;
    // OSV's word for "before every version" is 0.
    else affected ||= event.introduced === '0' || compare(release, event.introduced) >= 0;
  }
  return affected;
}

/** The lowest fixed version that is newer than the component and falls under no record. Undefined if there is none. */
export function fixedVersion(component: Component, index: RecordIndex): string | undefined {
  const compare = comparatorOf(component.ecosystem);
  const records = index.get(componentKey(component)) ?? [];
  const fixes = records
    .flatMap((record) => partsFor(component, record).flatMap(rangesOf))
    .flatMap(({ events }) => events.flatMap((event) => ('fixed' in event ? [event.fixed] : [])));
  return fixes
    .filter((version) => compare(version, component.version) > 0)
    .toSorted(compare)
    .find((version) =>
      // An uncertain record names no fixed version, so it does not count against a version.
      matchesOf({ ...component, version }, index).every(({ uncertain }) => uncertain),
    );
}

function partsFor(component: Component, record: AdvisoryRecord): Affected[] {
  return record.affected.filter((affected) => affectedKey(affected) === componentKey(component));
}

function rangesOf(affected: Affected): readonly VersionRange[] {
  return affected.ranges ?? affected.database_specific?.tarwarden?.ranges ?? [];
}

function affectedKey({ package: osvPackage, database_specific }: Affected): string {
  const product = database_specific?.tarwarden?.product ?? '';
  return osvPackage === undefined
    ? `${product}\n${product}`
    : `${osvPackage.ecosystem}\n${osvPackage.name}`;
}

function componentKey({ ecosystem, name }: Pick<Component, 'ecosystem' | 'name'>): string {
  return `${ecosystem}\n${name}`;
}
