import { MAX_FINDINGS_PER_RULE, MAX_OWNER, MAX_PAX_RECORDS } from '../../limits.ts';
import { quote } from '../../text/printable.ts';
import type { Code } from '../../finding/rule-id.ts';

const SPACE = 0x20;
const EQUALS = 0x3d;
const NEWLINE = 0x0a;

/** The characters of plain keys. Readers trim, fold or cut other keys, each in its own way. */
const PLAIN_KEY = /^[!-~]+$/;

/** Values of the keys in a PAX header that change what is unpacked. */
export interface PaxOverrides {
  path?: Buffer;
  linkpath?: Buffer;
  size?: number;
}

export interface PaxHeader {
  readonly overrides: PaxOverrides;
  /** Every key, in order. */
  readonly keys: readonly string[];
}

/** Reports a problem. The details are put into words only if the problem is kept. */
type ReportPax = (code: Code, detail: () => string) => void;

/**
 * Reads the records of a PAX extended header (POSIX pax: `<length> <key>=<value>\n`, length in decimal and
 * counting the whole record). Values stay bytes. Nothing is repaired: reading stops at the first record
 * that is not of this form.
 */
export function readPax(body: Buffer, see: (code: Code, detail: string) => void): PaxHeader {
  const overrides: PaxOverrides = {};
  const keys: string[] = [];
  const seenKeys = new Set<string>();
  const counts = new Map<Code, number>();
  const report: ReportPax = (code, detail) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    // A record can have several problems, and an archive keeps no more of one kind than this.
    if (count <= MAX_FINDINGS_PER_RULE) see(code, detail());
  };
  let at = 0;
  while (at < body.length) {
    if (keys.length === MAX_PAX_RECORDS) {
      report('pax-malformed', () => `more than ${MAX_PAX_RECORDS} records`);
      break;
    }
    const record = recordAt(body, at);
    if (typeof record === 'string') {
      report('pax-malformed', () => record);
      break;
    }
    const { key, value } = record;
    keys.push(key);
    if (seenKeys.has(key)) report('pax-repeated-key', () => `${quote(key)} is given twice`);
    seenKeys.add(key);
    // node-tar splits the header at line feeds, so it reads a line inside a value as a separate record.
    if (value.includes(NEWLINE))
      report('pax-value-newline', () => `the value of ${quote(key)} holds a line feed`);
    if (key.includes('\n'))
      report('pax-value-newline', () => `the key ${quote(key)} holds a line feed`);
    // GNU tar skips blanks before a key, so it treats ` path` as a path. Others end a key at a NUL.
    if (!PLAIN_KEY.test(key) && !key.includes('\n'))
      report('pax-malformed', () => `the key ${quote(key)} holds other than printable ASCII`);
    // macOS stores file attributes under these keys, and every reader skips them by their length. Other attributes grant rights.
    if (value.includes(0) && !key.startsWith('SCHILY.xattr.com.apple.'))
      report('pax-malformed', () => `the value of ${quote(key)} holds a NUL byte`);
    applyRecord(key, value, overrides, report);
    at = record.end;
  }
  return { overrides, keys };
}

function recordAt(body: Buffer, at: number): { key: string; value: Buffer; end: number } | string {
  let length = 0;
  let cursor = at;
  for (; cursor < body.length && cursor - at < 10; cursor++) {
    const digit = body[cursor]! - 0x30;
    if (digit < 0 || digit > 9) break;
    length = length * 10 + digit;
  }
  if (cursor === at || body[cursor] !== SPACE)
    return 'a record has no decimal length before a space';
  if (body[at] === 0x30) return 'a record length starts with a zero';
  const end = at + length;
  if (end > body.length) return `a record of ${length} bytes runs past the end of the header`;
  const equals = body.indexOf(EQUALS, cursor + 1);
  if (equals < 0 || equals >= end) return 'a record has no `=`';
  if (equals === cursor + 1) return 'a record has an empty key';
  if (body[end - 1] !== NEWLINE) return 'a record does not end in a line feed';
  return {
    key: body.toString('utf8', cursor + 1, equals),
    value: body.subarray(equals + 1, end - 1),
    end,
  };
}

function applyRecord(key: string, value: Buffer, overrides: PaxOverrides, report: ReportPax): void {
  const text = (): string => value.toString('latin1');
  if (key === 'path' || key === 'linkpath') overrides[key] = value;
  else if (key === 'size') {
    if (/^(?:0|[1-9]\d{0,15})$/.test(text())) overrides.size = Number(text());
    else report('invalid-size', () => `the PAX size is ${quote(text())}`);
  } else if (/^(?:[amc]time|[ug]id)$/.test(key)) {
    // GNU tar fails on other values.
    const valid = key.endsWith('time') ? TIME.test(text()) : isOwner(text());
    if (!valid) report('pax-malformed', () => `${key} is ${quote(text())}`);
  } else if (key === 'hdrcharset' || key === 'charset')
    report('pax-charset', () => `${key} is ${quote(value.toString())}`);
  // GNU.sparse, GNU.volume and the equivalents of star and Sun change the content of a file.
  else if (/^(?:GNU\.|SCHILY\.realsize$|SUN\.holesdata$)/.test(key))
    report('pax-sparse', () => `key ${quote(key)}`);
}

/** Seconds since 1970 that fit in 64 bits, with a fraction. */
const TIME = /^-?\d{1,18}(?:\.\d*)?$/;

function isOwner(text: string): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) <= MAX_OWNER;
}
