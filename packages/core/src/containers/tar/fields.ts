import { MAX_OWNER } from '../../limits.ts';
import { quote } from '../../text/printable.ts';
import type { Field } from '../../finding/location.ts';
import type { Code } from '../../finding/rule-id.ts';
import { Typeflag } from '../entry.ts';
import { checkSum, FIELD, isZero, stringEnd, type Magic } from './header.ts';
import { numberField, plainOctal } from './number.ts';

/** Reports a problem of the current header. */
export type ReportField = (code: Code, detail: string, field?: Field) => void;

/** Whether the checksum of the header fits. */
export function hasChecksum(
  block: Buffer,
  at: number,
  total: number,
  report: ReportField,
): boolean {
  const fits = checkSum(block, at, total);
  if (fits === 'padded')
    report('padded-number', 'the checksum field starts with spaces', 'checksum');
  if (fits === 'signed')
    report('tar-signed-checksum', 'the checksum fits signed bytes only', 'checksum');
  if (fits === 'bad')
    report('tar-checksum', 'the header checksum does not fit its bytes', 'checksum');
  return fits !== 'bad';
}

/** The declared size, or -1 if it is not certain. Then the place of the next header is not certain either. */
export function sizeField(block: Buffer, at: number, report: ReportField): number {
  const start = at + FIELD.size[0];
  const end = at + FIELD.size[1];
  const plain = plainOctal(block, start, end);
  if (plain >= 0) return plain;
  const { value, form } = numberField(block, start, end);
  if (form === 'padded') report('padded-number', 'the size field starts with spaces', 'size');
  else if (form === 'base256') report('base256-number', 'the size is written in base 256', 'size');
  else if (form === 'empty') report('invalid-size', 'the size field is empty', 'size');
  else report('invalid-size', 'the size field is not a number in range', 'size');
  return value ?? -1;
}

/** Permission bits, or -1 if the field is empty or unreadable. */
export function modeField(block: Buffer, at: number, report: ReportField): number {
  const plain = plainOctal(block, at + FIELD.mode[0], at + FIELD.mode[1]);
  return plain >= 0 ? plain : (oddNumber(block, at, 'mode', report) ?? -1);
}

type NumberField = 'mode' | (typeof OTHER_NUMBERS)[number];

const OTHER_NUMBERS = ['uid', 'gid', 'mtime', 'devmajor', 'devminor'] as const;

/** Checks owner, time and device. Package managers ignore them, but some extractors stop at a field that is not a number. */
export function checkOtherNumbers(block: Buffer, at: number, report: ReportField): void {
  for (const field of OTHER_NUMBERS) {
    const range = FIELD[field];
    if (plainOctal(block, at + range[0], at + range[1]) < 0) oddNumber(block, at, field, report);
  }
}

function oddNumber(
  block: Buffer,
  at: number,
  field: NumberField,
  report: ReportField,
): number | undefined {
  const range = FIELD[field];
  const { value, form } = numberField(block, at + range[0], at + range[1]);
  if (form === 'malformed') report('invalid-number', `the ${field} field is not a number`, field);
  else if (form === 'padded')
    report('padded-number', `the ${field} field starts with spaces`, field);
  else if (form === 'base256' && field === 'mode')
    report('base256-number', 'the mode is written in base 256', field);
  else if ((field === 'uid' || field === 'gid') && value !== undefined && value > MAX_OWNER)
    report('invalid-number', `the ${field} field is out of range`, field); // GNU tar refuses it
  else if (form === 'empty' && field === 'mode')
    report('invalid-number', 'the mode field is empty', field); // pnpm 12 refuses it
  else if (form === 'empty' && block[at + range[0]] !== 0)
    report('invalid-number', `the ${field} field holds only spaces`, field); // GNU tar refuses it; NULs are fine
  return value;
}

/** Target of a link, from the header or the extended header. Reports a target on an entry that is not a link. */
export function linkTarget(
  block: Buffer,
  at: number,
  link: { typeflag: number; override: Buffer | undefined },
  report: ReportField,
): string {
  const start = at + FIELD.linkname[0];
  const end = stringEnd(block, start, at + FIELD.linkname[1]);
  const isLink = link.typeflag === Typeflag.Symlink || link.typeflag === Typeflag.Hardlink;
  if (!isZero(block, end, at + FIELD.linkname[1]))
    report('tar-field-residue', 'bytes follow the NUL in the linkname field', 'linkname');
  const short = end === start ? '' : block.toString('utf8', start, end);
  // node-tar, so npm and Yarn, drops such an entry; all others unpack it.
  if (!isLink && short !== '') report('link-target-on-file', quote(short), 'linkname');
  if (link.override === undefined) return short;
  const value = link.override.toString();
  if (!isLink) report('pax-linkpath-mismatch', 'it is not a link', 'linkname');
  else if (short !== value && link.override.length < 100)
    report(
      'pax-linkpath-mismatch',
      `the header says ${quote(short)}, the PAX header ${quote(value)}`,
      'linkname',
    );
  return value;
}

/** Reports a magic that extractors treat as different dialects, and fields that they read in different ways. */
export function checkDialect(
  block: Buffer,
  at: number,
  head: { magic: Magic; hasPrefix?: boolean; residue: '' | 'name' | 'prefix' },
  report: ReportField,
): void {
  const { magic, residue } = head;
  if (magic === 'blank') report('tar-blank-magic', 'no magic, as written before POSIX', 'magic');
  else if (magic === 'unknown')
    report('tar-magic', `magic ${quote(block.toString('latin1', at + 257, at + 265))}`, 'magic');
  if (head.hasPrefix === true && magic !== 'posix')
    report('tar-prefix', 'there are bytes where a POSIX header has the prefix', 'prefix');
  if (residue !== '')
    report('tar-field-residue', `bytes follow the NUL in the ${residue} field`, residue);
}
