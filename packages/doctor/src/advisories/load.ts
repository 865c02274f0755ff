/* Loads advisory records from a file with all of them, or from a folder with a file for each. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readBounded } from '@tarwarden/host';
import { readAdvisory, type AdvisoryRecord } from './record.ts';

export interface RecordSet {
  readonly records: readonly AdvisoryRecord[];
  /** The day of the newest record. */
  readonly date: string;
  /** The day on which records of OSV were added. */
  readonly updated?: string;
}

/** A record has a few kilobytes. The shipped set has 150. */
const SET_BYTES_MAX = 16 * 1024 * 1024;
const RECORD_BYTES_MAX = 1024 * 1024;
const RECORDS_MAX = 10_000;

export class RecordSetError extends Error {
  override readonly name = 'RecordSetError';
  readonly code = 'record-set';
}

/** Reads each `<id>.json` of a folder, or a JSON list of records. */
export function loadRecords(path: string): RecordSet {
  const list = path.endsWith('.json') ? jsonOf(path, SET_BYTES_MAX) : folder(path);
  return recordSet(list, path);
}

export function recordSet(list: unknown, path: string): RecordSet {
  if (!Array.isArray(list) || list.length > RECORDS_MAX)
    throw new RecordSetError(`${path} is no list of advisory records`);
  const records = list.map((value, index) => {
    const record = readAdvisory(value);
    if (record === undefined)
      throw new RecordSetError(`record ${index + 1} in ${path} is no advisory record`);
    return record;
  });
  // ISO dates are ordered as text.
  const newest = records.map(({ modified }) => modified.slice(0, 10)).toSorted();
  return { records, date: newest.at(-1) ?? 'unknown' };
}

function folder(path: string): unknown[] {
  const names = readdirSync(path).filter((name) => name.endsWith('.json'));
  return names.toSorted().map((name) => jsonOf(join(path, name), RECORD_BYTES_MAX));
}

function jsonOf(path: string, bytesMax: number): unknown {
  const { bytes } = readBounded(path, { bytesMax, follow: true });
  if (bytes === undefined) throw new RecordSetError(`${path} is no file, or too large`);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new RecordSetError(`${path} is no JSON`, { cause });
  }
}
