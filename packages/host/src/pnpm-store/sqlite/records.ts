/* Cells of b-tree pages, and the records in them (https://www.sqlite.org/fileformat2.html, sections 1.6 and 2.1). */
import { unreadableIndex } from '../unreadable-store.ts';
import type { DatabasePages } from './pages.ts';

/** Bytes of one record. It is the length of the largest index that is read, and of its key. */
const RECORD_BYTES_MAX = 33 * 1024 * 1024;

/** A number of 1 to 9 bytes, and the position after it. */
export function varint(bytes: Buffer, at: number): readonly [value: number, next: number] {
  let value = 0;
  for (let index = 0; index < 8; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) throw unreadableIndex('a number is cut off');
    value = value * 128 + (byte & 0x7f);
    // No length or number in these databases comes near this.
    if (value > Number.MAX_SAFE_INTEGER / 256) throw unreadableIndex('a number is too large');
    if (byte < 0x80) return [value, at + index + 1];
  }
  throw unreadableIndex('a number is too large');
}

export type PageKind = 'index' | 'table';

export interface Payload {
  /** The page, and the position of the payload in it. */
  readonly page: Buffer;
  readonly at: number;
  readonly length: number;
  readonly kind: PageKind;
}

/** The part of a payload that is in the page of its cell. */
export function localPart(pages: DatabasePages, payload: Payload): Buffer {
  return slice(payload.page, payload.at, localBytes(pages, payload));
}

/** Joins the parts of a payload, which continues in pages of its own if it is long. */
export function payloadOf(pages: DatabasePages, payload: Payload): Buffer {
  const { page, at, length } = payload;
  const first = localPart(pages, payload);
  if (first.length === length) return first;
  const parts = [first];
  let next = slice(page, at + first.length, 4).readUInt32BE(0);
  for (let missing = length - first.length; missing > 0;) {
    const overflow = pages.page(next);
    const part = Math.min(missing, overflow.length - 4);
    parts.push(overflow.subarray(4, 4 + part));
    missing -= part;
    next = overflow.readUInt32BE(0);
  }
  return Buffer.concat(parts, length);
}

function localBytes({ pageBytes }: DatabasePages, { length, kind }: Payload): number {
  if (length > RECORD_BYTES_MAX) throw unreadableIndex('a row is too large');
  const minimum = Math.floor(((pageBytes - 12) * 32) / 255) - 23;
  const maximum =
    kind === 'index' ? Math.floor(((pageBytes - 12) * 64) / 255) - 23 : pageBytes - 35;
  if (length <= maximum) return length;
  const rest = minimum + ((length - minimum) % (pageBytes - 4));
  return rest <= maximum ? rest : minimum;
}

function slice(page: Buffer, at: number, length: number): Buffer {
  if (at + length > page.length) throw unreadableIndex('a row is cut off');
  return page.subarray(at, at + length);
}

/** A value of a record: text and blobs as bytes. */
export type RecordValue =
  | { readonly type: 'text' | 'blob'; readonly bytes: Buffer }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'null' };

/** Splits a record into its values. */
export function recordValues(record: Buffer): RecordValue[] {
  const [headerBytes, start] = varint(record, 0);
  if (headerBytes > record.length) throw unreadableIndex('a row is cut off');
  const values: RecordValue[] = [];
  let at = headerBytes;
  for (let place = start; place < headerBytes;) {
    const [type, next] = varint(record, place);
    place = next;
    if (place > headerBytes) throw unreadableIndex('a row has a header of another length');
    const length = lengthOf(type);
    values.push(recordValue(type, slice(record, at, length)));
    at += length;
  }
  if (at !== record.length) throw unreadableIndex('a row has another length');
  return values;
}

const NUMBER_BYTES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

function lengthOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  const length = NUMBER_BYTES[type];
  if (length === undefined) throw unreadableIndex('a row has an unknown type');
  return length;
}

function recordValue(type: number, bytes: Buffer): RecordValue {
  if (type >= 12) return { type: type % 2 === 0 ? 'blob' : 'text', bytes };
  if (type === 0) return { type: 'null' };
  if (type >= 8) return { type: 'number', value: type - 8 };
  // Larger numbers and fractions are in no column that is used.
  if (type > 5) return { type: 'number', value: Number.NaN };
  return { type: 'number', value: bytes.readIntBE(0, bytes.length) };
}
