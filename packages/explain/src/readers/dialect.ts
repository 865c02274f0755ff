import { MAX_PAX_RECORDS } from '@tarwarden/core/limits';
import { fail } from './disk.ts';
import { BLOCK, FIELD, stringEnd, sum, type FieldName } from '@tarwarden/core/containers';

/** The behaviour of one reader for archives that the strict reader refuses. */
export interface Dialect {
  /**
   * End of the archive: two zero blocks (`two`), one after which all must be zero (`strict`), none (`skip`), one whatever follows
   * (`one`), or the first header that begins with a zero byte (`first-byte`).
   */
  readonly zeros: 'two' | 'one' | 'strict' | 'skip' | 'first-byte';
  /** `end`: the archive ends there, but a damaged first header is an error. `believed`: the checksum is not checked. */
  readonly badChecksum: 'skip' | 'error' | 'end' | 'believed';
  /** The reader treats extended headers as entries by their own names, and type NUL as unknown, and not as a file. */
  readonly oldTypes?: true;
  /** Whether a checksum of signed bytes is accepted. */
  readonly signedChecksum?: true;
  /** A header without a name: it is skipped and its content read as headers, it is an error, or it is kept. */
  readonly noName: 'skip' | 'error' | 'keep';
  /** Sizes in base-256: understood, taken for 0, or an error. */
  readonly base256: 'read' | 'zero' | 'error';
  /** Whether a file whose name ends in a slash is a folder, without content. */
  readonly slashIsFolder: boolean;
  /** The headers whose prefix field is read: those of POSIX, or all. */
  readonly prefix: 'posix' | 'all';
  /** The effect of a PAX size: on the place of the next header, or also on the content. `unless-zero`: both, but 0 is ignored. */
  readonly paxSize: 'both' | 'place' | 'unless-zero';
  /** Whether global sizes and link targets are believed. */
  readonly globals: 'believed' | 'ignored';
  /** Whether PAX records are split at line feeds, by their lengths, or by lengths without any check. */
  readonly paxRecords: 'lines' | 'lengths' | 'unchecked';
  /** An empty PAX path: it is the name, or it is ignored. */
  readonly emptyPaxPath: 'believed' | 'ignored';
  /**
   * The record or header that counts, if there are two. `gnu`: the first record, and GNU before PAX. `pax`: the last record, and PAX
   * before GNU.
   */
  readonly wins: 'last' | 'gnu' | 'pax';
  /** Whether a second PAX header replaces all values of the first, and not only those that it sets. */
  readonly paxReplaces?: true;
  /** The kinds of extended headers that must not come twice before one entry. */
  readonly repeatedIsError?: string;
  /** GNU long links, a malformed PAX header, and a global one with a path or a size are errors. */
  readonly strictExtended?: true;
  /** Types other than links that may have a link target. A header of another type with a target is skipped. Absent: all types may. */
  readonly targetsBesideLinks?: string;
  /** Whether numbers must be octal to their last digit. */
  readonly strictNumbers?: true;
  /** Whether the reader knows further blocks of a GNU sparse map. */
  readonly sparseMaps?: true;
  /** Whether a NUL inside a GNU long name does not end it. */
  readonly keepsNulInLongName?: true;
  /** Whether the content of an extended header goes on to the end of its block. */
  readonly paddingIsContent?: true;
  /** Whether an extended header without an entry after it is an error. */
  readonly refusesOrphans?: true;
  /** Types whose content, if any is declared, is read as headers. */
  readonly withoutContent: string;
  /** The result if the archive ends inside the content of an entry. */
  readonly truncated: 'error' | 'short';
  /** The result if less than a block is left where a header should be. */
  readonly remainder: 'ignored' | 'error' | 'end-needed';
}

/** Values that extended headers set for the next entry, or for all entries. */
export interface Pending {
  path?: string;
  gnuPath?: string;
  linkpath?: string;
  size?: number;
  kinds: string;
}

/** Applies the records of a PAX header. Fails if the reader does. */
export function applyPax(
  body: Buffer,
  target: Pending,
  { dialect, global }: { dialect: Dialect; global: boolean },
): void {
  const { records, whole } = RECORDS[dialect.paxRecords](body);
  if (dialect.paxReplaces === true && !global) {
    delete target.path;
    delete target.linkpath;
    delete target.size;
  }
  if (dialect.strictExtended === true) {
    if (!whole) fail('a PAX header is not well formed');
    if (global && records.some((record) => /^(?:path|size)=/.test(record)))
      fail('a global PAX header has a path or a size');
  }
  const seenKeys = new Set<string>();
  for (const record of records) {
    const equals = record.indexOf('=');
    const key = record.slice(0, equals);
    const value = record.slice(equals + 1);
    if (dialect.wins === 'gnu' && seenKeys.has(key)) continue;
    seenKeys.add(key);
    if (key === 'path' && (value !== '' || dialect.emptyPaxPath === 'believed'))
      target.path = value;
    if (key === 'linkpath') target.linkpath = value;
    if (key === 'size') target.size = Number.parseInt(value, 10);
  }
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
  let remaining = body;
  while (remaining.length > 0 && records.length < MAX_PAX_RECORDS) {
    const space = remaining.includes(0x20) ? remaining.indexOf(0x20) : remaining.length;
    const length = Number.parseInt(remaining.toString('latin1', 0, space), 10);
    const record = length > 0 ? remaining.toString('utf8', space + 1, Math.max(0, length - 1)) : '';
    if (!record.includes('=')) break;
    records.push(record);
    remaining = remaining.subarray(length);
  }
  return { records, whole: remaining.length === 0 };
}

const RECORDS: Readonly<Record<Dialect['paxRecords'], (body: Buffer) => Records>> = {
  lines: byLines,
  lengths: byLengths,
  unchecked,
};

export function chars(tar: Buffer, offset: number, field: FieldName): string {
  const [from, to] = FIELD[field];
  return tar.toString('utf8', offset + from, stringEnd(tar, offset + from, offset + to));
}

/** Whether a number is written in base-256. */
export function isBinary(tar: Buffer, offset: number, field: FieldName): boolean {
  return (tar[offset + FIELD[field][0]] ?? 0) >= 0x80;
}

/** Whether a field contains only octal digits between blanks. */
export function octal(tar: Buffer, offset: number, field: FieldName): boolean {
  const [from, to] = FIELD[field];
  return /^[ \0]*[0-7]+[ \0]*$/.test(tar.toString('latin1', offset + from, offset + to));
}

export function untilNul(value: string): string {
  const nul = value.indexOf('\0');
  return nul < 0 ? value : value.slice(0, nul);
}

/** A number as lenient readers read it: the digits at its start. NaN without digits, 0 for an empty field, undefined beyond 2^53. */
export function number(tar: Buffer, offset: number, field: FieldName): number | undefined {
  const [from, to] = FIELD[field];
  if (isBinary(tar, offset, field)) {
    let value = tar[offset + from] === 0xff ? -1n : 0n;
    for (let at = offset + from + 1; at < offset + to; at++)
      value = (value << 8n) | BigInt(tar[at] ?? 0);
    const exact = Number(value);
    return Number.isSafeInteger(exact) ? exact : undefined;
  }
  const raw = untilNul(tar.toString('latin1', offset + from, offset + to)).trim();
  if (raw === '') return 0;
  const digits = /^-?[0-7]+/.exec(raw)?.[0];
  return digits === undefined ? Number.NaN : Number.parseInt(digits, 8);
}

export function checksumFits(tar: Buffer, offset: number, signed: boolean): boolean {
  const [from, to] = FIELD.checksum;
  const stored = number(tar, offset, 'checksum');
  const spaces = 8 * 0x20;
  const total = sum(tar, offset, offset + BLOCK) - sum(tar, offset + from, offset + to) + spaces;
  if (stored === total) return true;
  if (!signed) return false;
  let high = 0;
  for (let at = offset; at < offset + BLOCK; at++) if ((tar[at] ?? 0) >= 0x80) high++;
  return stored === total - 256 * high;
}
