import { MAX_PAX_RECORDS } from '../../limits.ts';
import type { Dialect } from './dialect.ts';

/** Values that extended headers set for the next entry, or for all entries. */
export interface Pending {
  path?: string;
  gnuPath?: string;
  linkpath?: string;
  size?: number;
  kinds: string;
}

/** Applies the records of a PAX header. Returns the reason why the reader stops, or undefined. */
export function applyPax(
  body: Buffer,
  target: Pending,
  header: { dialect: Dialect; global: boolean },
): string | undefined {
  const { dialect, global } = header;
  const { records, whole } = RECORDS[dialect.paxRecords](body);
  if (dialect.paxReplaces === true && !global) {
    delete target.path;
    delete target.linkpath;
    delete target.size;
  }
  if (dialect.oddPax === 'error') {
    if (!whole) return 'a PAX header is not well formed';
    if (global && records.some((record) => /^(?:path|size)=/.test(record)))
      return 'a global PAX header has a path or a size';
  }
  const keepsFirst = dialect.wins === 'first' || dialect.wins === 'gnu';
  const seen = new Set<string>();
  for (const record of records) {
    const equals = record.indexOf('=');
    const key = record.slice(0, equals);
    const value = record.slice(equals + 1);
    if (keepsFirst && seen.has(key)) continue;
    seen.add(key);
    if (key === 'path' && (value !== '' || dialect.emptyPaxPath === 'believed'))
      target.path = value;
    if (key === 'linkpath') target.linkpath = value;
    if (key === 'size') target.size = Number.parseInt(value, 10);
  }
  return undefined;
}

interface Records {
  readonly records: string[];
  /** Whether the records fill the header. */
  readonly whole: boolean;
}

/** Records of a reader that splits at line feeds, and checks each record against its length. */
function byLines(body: Buffer): Records {
  const records = body
    .toString()
    .split('\n', MAX_PAX_RECORDS)
    .flatMap((line) => {
      const length = Number.parseInt(line, 10);
      if (length !== Buffer.byteLength(line) + 1 || !line.includes('=')) return [];
      return [line.slice(`${length} `.length)];
    });
  return { records, whole: true };
}

/** Records by their lengths, up to the first malformed one. */
function byLengths(body: Buffer): Records {
  const records: string[] = [];
  let at = 0;
  for (; at < body.length && records.length < MAX_PAX_RECORDS;) {
    const length = /^[1-9]\d{0,8} /.exec(body.toString('latin1', at, at + 10))?.[0];
    if (length === undefined) break;
    const end = at + Number(length);
    const record = body.toString('utf8', at + length.length, end - 1);
    if (end > body.length || body[end - 1] !== 0x0a) break;
    if (record.includes('=')) records.push(record);
    at = end;
  }
  return { records, whole: at === body.length };
}

/** Records by lengths without any check: each ends one byte before its length, whatever the byte is. */
function unchecked(body: Buffer): Records {
  const records: string[] = [];
  let rest = body;
  while (rest.length > 0 && records.length < MAX_PAX_RECORDS) {
    const space = rest.includes(0x20) ? rest.indexOf(0x20) : rest.length;
    const length = Number.parseInt(rest.toString('latin1', 0, space), 10);
    const record = length > 0 ? rest.toString('utf8', space + 1, Math.max(0, length - 1)) : '';
    if (!record.includes('=')) break;
    records.push(record);
    rest = rest.subarray(length);
  }
  return { records, whole: rest.length === 0 };
}

const RECORDS: Readonly<Record<Dialect['paxRecords'], (body: Buffer) => Records>> = {
  lines: byLines,
  lengths: byLengths,
  unchecked,
};
