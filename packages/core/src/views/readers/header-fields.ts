/** Fields of a tar header as lenient readers read them. */
import { BLOCK, FIELD, magicOf, stringEnd, sum, type FieldName } from '../../containers/index.ts';
import type { Dialect } from './dialect.ts';
import type { Pending } from './lenient-pax.ts';

export function chars(tar: Buffer, offset: number, field: FieldName): string {
  const [from, to] = FIELD[field];
  return tar.toString('utf8', offset + from, stringEnd(tar, offset + from, offset + to));
}

/** Whether a field contains only octal digits between blanks, or only base-256. */
export function plain(tar: Buffer, offset: number, field: FieldName): boolean {
  return (tar[offset + FIELD[field][0]] ?? 0) >= 0x80 || octal(tar, offset, field);
}

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
  const lead = tar[offset + from] ?? 0;
  if (lead >= 0x80) {
    let value = lead === 0xff ? -1n : 0n;
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

/** The path of an entry, from an extended header or from its own header. */
export function entryPath(
  tar: Buffer,
  offset: number,
  from: { pending: Pending; dialect: Dialect; name: string },
): string {
  const { pending, dialect, name } = from;
  const prefixed = dialect.prefix === 'all' || magicOf(tar, offset) === 'posix';
  const prefix = prefixed ? chars(tar, offset, 'prefix') : '';
  const own = prefix === '' ? name : `${prefix}/${name}`;
  const extended =
    dialect.wins === 'gnu' ? (pending.gnuPath ?? pending.path) : (pending.path ?? pending.gnuPath);
  return extended === undefined ? own : extended;
}
