import {
  isZero,
  BLOCK,
  FIELD,
  magicOf,
  stringEnd,
  sum,
  type FieldName,
} from '@tarwarden/core/containers';
import { MAX_LENIENT_PAX_BYTES, MAX_VIEW_ENTRIES, MAX_ZERO_TAIL } from '@tarwarden/core/limits';
import type { Dialect } from './dialect.ts';
import { applyPax, type Pending } from './lenient-pax.ts';

/** One entry as a lenient reader sees it. */
export interface LenientEntry {
  /** Offset of its header in the tar. */
  readonly offset: number;
  readonly path: string;
  /** One character; `0` for NUL. */
  readonly type: string;
  readonly mode: number;
  readonly linkpath: string;
  readonly content: Buffer;
}

export interface Walked {
  readonly entries: readonly LenientEntry[];
  /** Headers that were passed over, with the reason. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
  /** Why reading stopped with an error; absent where it did not. */
  readonly error?: string;
}

/** Sizes below it stop a reader. */
const LEAST_SIZE: Readonly<Record<Dialect['negativeSize'], number>> = {
  zero: -Infinity,
  'zero-below-block': 1 - BLOCK,
  rest: -Infinity,
  error: 0,
};

/** What gunzip hands on at once, unless the file comes in smaller pieces. */
const PIECE = 16 * 1024;

/** Where an old GNU sparse header says that another block of its map follows. */
const SPARSE_MORE = 482;

/** Walks a tar in a dialect. Bounded by MAX_VIEW_ENTRIES; never throws. For views only: nothing is judged by it. */
export function walkTar(tar: Buffer, dialect: Dialect): Walked {
  const entries: LenientEntry[] = [];
  const skipped: { path: string; why: string }[] = [];
  const fail = (error: string): Walked => ({ entries, skipped, error });
  let pending: Pending = { kinds: '' };
  const global: Pending = { kinds: '' };
  let zeros = 0;
  let damaged = -1;
  let at = 0;
  let count = 0;
  for (; at + BLOCK <= tar.length;) {
    if (++count > MAX_VIEW_ENTRIES) return fail('more entries than are modelled');
    if (dialect.zeros === 'first-byte' && tar[at] === 0) break;
    if (isZero(tar, at, at + BLOCK)) {
      zeros++;
      at += BLOCK;
      if (dialect.zeros === 'two' && zeros === 2) break;
      if (dialect.zeros !== 'strict') continue;
      if (!isZero(tar, at, tar.length)) return fail('something follows the end of the archive');
      // The end is two blocks, of which the second is still to come.
      if (tar.length - at > BLOCK + MAX_ZERO_TAIL)
        return fail('more zeros follow the end of the archive than it takes');
      break;
    }
    zeros = 0;
    const offset = at;
    at += BLOCK;
    const name = text(tar, offset, 'name');
    if (!checksumFits(tar, offset, dialect.signedChecksum === true)) {
      if (dialect.badChecksum === 'error') return fail('a header has a wrong checksum');
      // What follows a damaged header is its content, and no header of its own.
      if (damaged !== offset) skipped.push({ path: name, why: 'its header has a wrong checksum' });
      damaged = at;
      continue;
    }
    const code = tar[offset + FIELD.typeflag[0]] ?? 0;
    const type = code === 0 ? '0' : String.fromCharCode(code);
    let declared = number(tar, offset, 'size');
    if (dialect.base256 !== 'read' && (tar[offset + FIELD.size[0]] ?? 0) >= 0x80) {
      if (dialect.base256 === 'error') return fail('a size is not octal');
      declared = 0;
    }
    if (declared === undefined && dialect.negativeSize.startsWith('zero')) {
      skipped.push({ path: name, why: 'its size is beyond all bounds' });
      continue;
    }
    if (declared === undefined) return fail('a size is beyond all bounds');
    if (
      dialect.negativeSize === 'rest' &&
      declared < 0 &&
      (tar[offset + FIELD.size[0]] ?? 0) >= 0x80
    )
      declared++;
    if (dialect.strictNumbers && !plain(tar, offset, 'size')) return fail('a size is not octal');
    if (dialect.strictNumbers && type === '0' && !octal(tar, offset, 'mode'))
      return fail('a mode is not octal');
    if (declared < LEAST_SIZE[dialect.negativeSize]) return fail('a size is negative');
    let size = Math.max(0, declared || 0);
    if (type === 'K' && !dialect.longLinks) return fail('an entry is of type "K"');
    if ('xgLK'.includes(type)) {
      if (!mayHaveTarget(dialect, type, text(tar, offset, 'linkname'))) {
        skipped.push({ path: name, why: 'it has the target of a link, and is none' });
        continue;
      }
      if (type !== 'g' && pending.kinds.includes(type) && dialect.repeatedIsError.includes(type))
        return fail('two extended headers stand before one entry');
      if (at + size > tar.length) {
        if (dialect.truncated === 'short') break;
        return fail('an extended header is cut off');
      }
      const body = tar.subarray(at, at + size);
      at = nextBlock(at + size);
      if (type !== 'g') pending.kinds += type;
      const target = type === 'g' ? global : pending;
      if (type === 'L') {
        target.gnuPath = longName(body.toString(), dialect);
        if (dialect.wins === 'last') target.path = target.gnuPath;
      } else if (type === 'K') target.linkpath = untilNul(body.toString());
      else if (body.length <= MAX_LENIENT_PAX_BYTES) {
        const problem = applyPax(body, target, { dialect, global: type === 'g' });
        if (problem !== undefined) return fail(problem);
      }
      if (target.size !== undefined && target.size < 0 && dialect.negativePaxSize === 'error')
        return fail('a PAX size is negative');
      continue;
    }
    const path = pathOf(tar, offset, { pending, dialect, name });
    const folder = type === '5' || (type === '0' && dialect.slashIsFolder && path.endsWith('/'));
    const believed = dialect.globals === 'believed' ? global : undefined;
    const paxSize = pending.size ?? believed?.size;
    const linkpath = pending.linkpath ?? believed?.linkpath ?? text(tar, offset, 'linkname');
    const headerSize = size;
    if (paxSize !== undefined && paxSize >= 0 && (paxSize > 0 || dialect.paxSize !== 'unless-zero'))
      size = paxSize;
    if (paxSize !== undefined && paxSize < 0 && dialect.paxSize === 'unless-zero') size = 0;
    const below = believedBelow(dialect, { declared, paxSize });
    if (below < 0) size = Math.max(0, Math.min(tar.length, at + PIECE - (at % PIECE)) - at + below);
    if (path === '' && dialect.noName !== 'keep') {
      if (dialect.noName === 'error') return fail('an entry has no name');
      skipped.push({ path: '', why: 'it has no name' });
      continue;
    }
    pending = { kinds: '' };
    const ownTarget = believed?.linkpath ?? text(tar, offset, 'linkname');
    if (!mayHaveTarget(dialect, type, ownTarget)) {
      skipped.push({ path, why: 'it has the target of a link, and is none' });
      continue;
    }
    const contentless = dialect.withoutContent.includes(folder ? '5' : type);
    if (contentless) size = 0;
    if (type === 'S' && dialect.sparseMaps && tar[offset + SPARSE_MORE] === 1) at += BLOCK;
    const contentSize = dialect.paxSize === 'place' ? headerSize : size;
    if (at + size > tar.length && dialect.truncated === 'error')
      return fail('the content of an entry is cut off');
    const odd = dialect.base256 === 'zero' && (tar[offset + FIELD.mode[0]] ?? 0) >= 0x80;
    const mode = odd ? 0 : number(tar, offset, 'mode');
    entries.push({
      offset,
      path,
      type: folder ? '5' : type,
      mode: (mode ?? 0) & 0o7777,
      linkpath,
      content: contentless ? tar.subarray(0, 0) : tar.subarray(at, at + contentSize),
    });
    // Such a reader goes on where it is, and takes the rest of a block that the size would have.
    at = below < 0 ? at + size + ((BLOCK - (below & (BLOCK - 1))) % BLOCK) : nextBlock(at + size);
  }
  if (dialect.rest === 'end-needed' && tar[at] !== 0) return fail('there is no end marker');
  if (dialect.rest === 'error' && at < tar.length && tar.length - at < BLOCK)
    return fail('a header is cut off');
  if (pending.kinds !== '' && dialect.orphan === 'error')
    return fail('an extended header has no entry');
  return { entries, skipped };
}

/** The size below zero that a reader believes; 0 where it believes none. */
function believedBelow(
  dialect: Dialect,
  { declared, paxSize }: { declared: number; paxSize: number | undefined },
): number {
  if (dialect.negativeSize !== 'rest') return 0;
  const said = dialect.negativePaxSize === 'believed' ? (paxSize ?? declared) : declared;
  return said < 0 ? said : 0;
}

function mayHaveTarget({ targetsBesideLinks }: Dialect, type: string, target: string): boolean {
  return (
    target === '' || targetsBesideLinks === undefined || `12${targetsBesideLinks}`.includes(type)
  );
}

function nextBlock(at: number): number {
  return Math.ceil(at / BLOCK) * BLOCK;
}

function pathOf(
  tar: Buffer,
  offset: number,
  from: { pending: Pending; dialect: Dialect; name: string },
): string {
  const { pending, dialect, name } = from;
  const prefixed = dialect.prefix === 'all' || magicOf(tar, offset) === 'posix';
  const prefix = prefixed ? text(tar, offset, 'prefix') : '';
  const own = prefix === '' ? name : `${prefix}/${name}`;
  const extended =
    dialect.wins === 'gnu' ? (pending.gnuPath ?? pending.path) : (pending.path ?? pending.gnuPath);
  return extended === undefined ? own : extended;
}

function text(tar: Buffer, offset: number, field: FieldName): string {
  const [from, to] = FIELD[field];
  return tar.toString('utf8', offset + from, stringEnd(tar, offset + from, offset + to));
}

function longName(value: string, dialect: Dialect): string {
  return dialect.nulInLongName === 'ends' ? untilNul(value) : value.replace(/\0$/, '');
}

/** Whether a field holds octal digits between blanks, or base-256, and nothing else. */
function plain(tar: Buffer, offset: number, field: FieldName): boolean {
  return (tar[offset + FIELD[field][0]] ?? 0) >= 0x80 || octal(tar, offset, field);
}

function octal(tar: Buffer, offset: number, field: FieldName): boolean {
  const [from, to] = FIELD[field];
  return /^[ \0]*[0-7]+[ \0]*$/.test(tar.toString('latin1', offset + from, offset + to));
}

function untilNul(value: string): string {
  const nul = value.indexOf('\0');
  return nul < 0 ? value : value.slice(0, nul);
}

/** A number field as forgiving readers take it: digits at its start. NaN where there are none, 0 where it is empty, undefined beyond 2^53. */
function number(tar: Buffer, offset: number, field: FieldName): number | undefined {
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

function checksumFits(tar: Buffer, offset: number, signed: boolean): boolean {
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
