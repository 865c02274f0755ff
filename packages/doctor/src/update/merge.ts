/*
 * Merges fetched records into the shipped ones. The server that answers for OSV cannot be trusted fully. So fetched records add holes and
 * versions, and never remove any. If the source has withdrawn a shipped record, the record stays, and says so.
 */
import { printable } from '@tarwarden/core/text';
import { indexRecords, watchedKey } from '../advisories/matching.ts';
import type { RecordSet } from '../advisories/load.ts';
import type { AdvisoryRecord, PublishedRecord, AdvisorySeverity } from '../advisories/record.ts';

export interface PublishedSet {
  readonly records: readonly PublishedRecord[];
  /** The time of the update, as an ISO date. */
  readonly updated: string;
}

const SUMMARY_CHARS = 200;
const DAY_CHARS = 10;

export function withPublished(set: RecordSet, { records, updated }: PublishedSet): RecordSet {
  const watched = new Set(indexRecords(set.records).keys());
  const ours = records.map((record) => partsWatched(record, watched));
  const byName = new Map<string, PublishedRecord[]>();
  for (const record of ours)
    for (const name of recordIds(record)) byName.set(name, [...(byName.get(name) ?? []), record]);
  const shippedNames = new Set(set.records.flatMap(recordIds));
  const added = ours.filter(
    (record) =>
      record.withdrawn === undefined &&
      record.affected.length > 0 &&
      !recordIds(record).some((name) => shippedNames.has(name)),
  );
  return {
    ...set,
    records: [
      ...set.records.map((record) => completed(record, byName)),
      ...once(added).map(unclassified),
    ],
    updated: updated.slice(0, DAY_CHARS),
  };
}

/** Databases may have one hole under several ids, which are aliases of each other. */
function once(records: readonly PublishedRecord[]): PublishedRecord[] {
  const kept: PublishedRecord[] = [];
  const place = new Map<string, number>();
  for (const record of records) {
    const names = recordIds(record);
    const at = names.map((name) => place.get(name)).find((index) => index !== undefined);
    const first = at === undefined ? undefined : kept[at];
    for (const name of names) place.set(name, at ?? kept.length);
    if (at === undefined || first === undefined) kept.push(record);
    else kept[at] = { ...first, affected: [...first.affected, ...record.affected] };
  }
  return kept;
}

function recordIds({ id, aliases }: Pick<AdvisoryRecord, 'id' | 'aliases'>): string[] {
  return [...new Set([id, ...aliases])];
}

function partsWatched(record: PublishedRecord, watched: ReadonlySet<string>): PublishedRecord {
  const affected = record.affected.filter((part) => watched.has(watchedKey(part) ?? ''));
  return { ...record, affected };
}

/** Adds versions of fetched records to a shipped one. Its ids stay as they are, because the changelogs of distributions name them. */
function completed(
  record: AdvisoryRecord,
  byName: ReadonlyMap<string, readonly PublishedRecord[]>,
): AdvisoryRecord {
  const others = [...new Set(recordIds(record).flatMap((name) => byName.get(name) ?? []))];
  const more = others
    .filter(({ withdrawn }) => withdrawn === undefined)
    .flatMap(({ affected }) => affected);
  const withdrawn = others.find((other) => other.id === record.id)?.withdrawn;
  const { tarwarden } = record.database_specific;
  const notes = [
    tarwarden.note,
    withdrawn && `its source has withdrawn it on ${printable(withdrawn.slice(0, DAY_CHARS))}`,
  ].filter((note) => note !== undefined && note !== '');
  return {
    ...record,
    affected: [...record.affected, ...more],
    database_specific: {
      tarwarden: { ...tarwarden, ...(notes.length > 0 && { note: notes.join('; ') }) },
    },
  };
}

function unclassified(record: PublishedRecord): AdvisoryRecord {
  const { id, modified, aliases, affected, references, database_specific: specific } = record;
  const severity = SEVERITIES[specific?.severity?.toUpperCase() ?? ''];
  return {
    id,
    modified,
    aliases,
    summary: summaryOf(record),
    affected,
    references: references.flatMap(({ type, url }) => {
      if (!URL.canParse(url) || new URL(url).protocol !== 'https:') return [];
      return [{ type, url: new URL(url).href }];
    }),
    database_specific: {
      tarwarden: {
        kind: 'unclassified',
        reach: 'unclassified',
        ...(severity && { severity }),
        source: 'OSV',
        verified: true,
      },
    },
  };
}

/** The severities of GitHub's database. */
const SEVERITIES: Readonly<Record<string, AdvisorySeverity>> = {
  CRITICAL: 'high',
  HIGH: 'high',
  MODERATE: 'medium',
  MEDIUM: 'medium',
  LOW: 'low',
};

function summaryOf({ id, summary, details }: PublishedRecord): string {
  const line = (summary.trim() || details.trim()).split(/[\r\n]/, 1)[0] ?? '';
  return line === '' ? id : printable(line.replace(/\.$/, ''), SUMMARY_CHARS);
}
