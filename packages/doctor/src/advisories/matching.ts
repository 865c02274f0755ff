/* Finds the advisory records that a component falls under. */
import type { Component } from '../component.ts';
import type { VersionComparator } from './events.ts';
import { isInRange } from './events.ts';
import type { AdvisoryRecord, Affected, VersionRange } from './record.ts';
import { comparatorOf, releaseOf, VersionError } from './versions.ts';

export interface Match {
  readonly record: AdvisoryRecord;
  /** Newer versions may be fixed, and the record does not say which. Only a distribution can know. */
  readonly uncertain: boolean;
}

export interface Matches {
  readonly matches: readonly Match[];
  /** Reasons why a record could not be compared. */
  readonly problems: readonly string[];
}

/** Records by package, so that each package of a large lockfile is one look-up. */
export type RecordIndex = ReadonlyMap<string, readonly AdvisoryRecord[]>;

export function indexRecords(records: readonly AdvisoryRecord[]): RecordIndex {
  const index = new Map<string, AdvisoryRecord[]>();
  for (const record of records) {
    if (record.withdrawn !== undefined) continue;
    for (const key of new Set(record.affected.flatMap((part) => watchedKey(part) ?? []))) {
      const listed = index.get(key);
      if (listed === undefined) index.set(key, [record]);
      else listed.push(record);
    }
  }
  return index;
}

export function matchesOf(component: Component, index: RecordIndex): Matches {
  const matches: Match[] = [];
  const problems: string[] = [];
  const compare = comparatorOf(component.ecosystem);
  for (const record of index.get(componentKey(component)) ?? []) {
    const hits: Affected[] = [];
    // An affected range that cannot be compared must not hide the others.
    for (const part of partsFor(component, record)) {
      try {
        if (includes(part, component, compare)) hits.push(part);
      } catch (error) {
        if (!(error instanceof VersionError)) throw error;
        problems.push(`${record.id} cannot be compared: ${error.message}`);
      }
    }
    if (hits.length > 0) matches.push({ record, uncertain: hits.every(isUncertain) });
  }
  return { matches, problems: [...new Set(problems)] };
}

/**
 * The lowest fixed version that is newer than the component and falls under no record. Undefined if there is none.
 */
export function fixedVersion(component: Component, index: RecordIndex): string | undefined {
  const compare = comparatorOf(component.ecosystem);
  const records = index.get(componentKey(component)) ?? [];
  const fixes = records.flatMap((record) =>
    partsFor(component, record).flatMap((part) =>
      rangesOf(part).flatMap(({ events }) =>
        events.flatMap((event) => ('fixed' in event ? [event.fixed] : [])),
      ),
    ),
  );
  return fixes
    .filter((version) => isAfter(version, component.version, compare))
    .toSorted(compare)
    .find((version) => matchesOf({ ...component, version }, index).matches.every(isOpen));
}

/** An uncertain record has no version that is known to be fixed. So it does not count against a version. */
function isOpen({ uncertain }: Match): boolean {
  return uncertain;
}

/** False for versions that cannot be compared, so that these are not advised. */
function isAfter(version: string, other: string, compare: VersionComparator): boolean {
  try {
    return compare(version, other) > 0;
  } catch (error) {
    if (error instanceof VersionError) return false;
    throw error;
  }
}

function includes(
  part: Affected,
  { ecosystem, version }: Component,
  compare: VersionComparator,
): boolean {
  if (part.versions?.includes(version) === true) return true;
  const order = { compare, release: releaseOf(ecosystem, version) };
  return rangesOf(part).some(({ events }) => isInRange(version, events, order));
}

function partsFor(component: Component, record: AdvisoryRecord): Affected[] {
  const key = componentKey(component);
  return record.affected.filter((part) => watchedKey(part) === key);
}

/** Ranges of commits cannot be compared with versions. */
function rangesOf(part: Affected): readonly VersionRange[] {
  const ranges = part.ranges ?? part.database_specific?.tarwarden?.ranges ?? [];
  return ranges.filter(({ type }) => type !== 'GIT');
}

function isUncertain(part: Affected): boolean {
  return part.database_specific?.tarwarden?.fixesUnknown === true;
}

/** The key of the index for the package in an affected range. */
export function watchedKey(
  part: Pick<Affected, 'package' | 'database_specific'>,
): string | undefined {
  if (part.package !== undefined) return `${part.package.ecosystem}\n${part.package.name}`;
  const product = part.database_specific?.tarwarden?.product;
  return product === undefined ? undefined : `${product}\n${product}`;
}

function componentKey({ ecosystem, name }: Component): string {
  return `${ecosystem}\n${name}`;
}
