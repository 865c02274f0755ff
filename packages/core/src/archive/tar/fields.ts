import { MAX_OWNER } from '../../limits.ts';
import { quote } from '../../printable.ts';
import type { AnomalyCode } from '../anomaly.ts';
import { Typeflag } from '../entry.ts';
import { isZero } from './blocks.ts';
import { FIELD, stringEnd, type FieldName, type Magic } from './header.ts';
import { numberField, plainOctal } from './number.ts';

/** Tells what is wrong with the header that is being read. */
export type TellField = (code: AnomalyCode, detail: string) => void;

/** The declared size, or -1 where nothing sure can be said, so that what follows has no certain place. */
export function sizeField(block: Buffer, at: number, tell: TellField): number {
  const start = at + FIELD.size[0];
  const end = at + FIELD.size[1];
  const plain = plainOctal(block, start, end);
  if (plain >= 0) return plain;
  const { value, form } = numberField(block, start, end);
  if (form === 'padded') tell('padded-number', 'the size field starts with spaces');
  else if (form === 'base256') tell('base256-number', 'the size is written in base 256');
  else if (form === 'empty') tell('invalid-size', 'the size field is empty');
  else tell('invalid-size', 'the size field is no number in range');
  return value ?? -1;
}

/** Permission bits, or -1 where the field is empty or unreadable. */
export function modeField(block: Buffer, at: number, tell: TellField): number {
  const plain = plainOctal(block, at + FIELD.mode[0], at + FIELD.mode[1]);
  return plain >= 0 ? plain : (oddNumber(block, at, 'mode', tell) ?? -1);
}

const OTHER_NUMBERS = ['uid', 'gid', 'mtime', 'devmajor', 'devminor'] as const;

/** Owner, time and device decide nothing that a package manager keeps, but a field that is no number stops some extractors. */
export function checkOtherNumbers(block: Buffer, at: number, tell: TellField): void {
  for (const field of OTHER_NUMBERS) {
    const range = FIELD[field];
    if (plainOctal(block, at + range[0], at + range[1]) < 0) oddNumber(block, at, field, tell);
  }
}

function oddNumber(
  block: Buffer,
  at: number,
  field: FieldName,
  tell: TellField,
): number | undefined {
  const range = FIELD[field];
  const { value, form } = numberField(block, at + range[0], at + range[1]);
  if (form === 'malformed') tell('invalid-number', `the ${field} field is no number`);
  else if (form === 'padded') tell('padded-number', `the ${field} field starts with spaces`);
  else if (form === 'base256' && field === 'mode')
    tell('base256-number', 'the mode is written in base 256');
  else if ((field === 'uid' || field === 'gid') && value !== undefined && value > MAX_OWNER)
    tell('invalid-number', `the ${field} field is out of range`); // GNU tar refuses it
  else if (form === 'empty' && field === 'mode') tell('invalid-number', 'the mode field is empty'); // pnpm 12 refuses it
  else if (form === 'empty' && block[at + range[0]] !== 0)
    tell('invalid-number', `the ${field} field holds only spaces`); // GNU tar refuses it; NULs are fine
  return value;
}

/** Target of a link, from the header or the extended header; of what is no link, it is told. */
export function linkTarget(
  block: Buffer,
  at: number,
  of: { typeflag: number; override: Buffer | undefined },
  tell: TellField,
): string {
  const start = at + FIELD.linkname[0];
  const end = stringEnd(block, start, at + FIELD.linkname[1]);
  const link = of.typeflag === Typeflag.Symlink || of.typeflag === Typeflag.Hardlink;
  if (!isZero(block, end, at + FIELD.linkname[1]))
    tell('tar-field-residue', 'bytes follow the NUL in the linkname field');
  const short = end === start ? '' : block.toString('utf8', start, end);
  // node-tar, so npm and Yarn, drops such an entry; all others unpack it.
  if (!link && short !== '') tell('link-target-on-file', quote(short));
  if (of.override === undefined) return short;
  const value = of.override.toString();
  if (!link) tell('pax-linkpath-mismatch', 'it is no link');
  else if (short !== value && of.override.length < 100)
    tell(
      'pax-linkpath-mismatch',
      `the header says ${quote(short)}, the PAX header ${quote(value)}`,
    );
  return value;
}

/** Tells of a magic that extractors take for different dialects. */
export function checkDialect(block: Buffer, at: number, magic: Magic, tell: TellField): void {
  if (magic === 'blank') tell('tar-blank-magic', 'no magic, as written before POSIX');
  else if (magic === 'unknown')
    tell('tar-magic', `magic ${quote(block.toString('latin1', at + 257, at + 265))}`);
}
