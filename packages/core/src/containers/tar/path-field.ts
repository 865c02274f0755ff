import { isAscii, isUtf8 } from 'node:buffer';

import type { Limits } from '../../limits.ts';
import { Trait } from '../entry.ts';
import { pathTraits } from '../path-traits.ts';
import { FIELD, stringEnd } from './header.ts';

const SLASH = 0x2f;
const DOT = 0x2e;
const QUESTION_MARK = 0x3f;
const UNDERSCORE = 0x5f;

export interface ReadPath {
  readonly path: string;
  readonly traits: number;
  /** Name of the field in which bytes follow the NUL that ends its string. Empty if there is no such field. */
  readonly residue: '' | 'name' | 'prefix';
}

/** Reads an entry's path out of its header, or out of the extended header that overrides it. */
export class PathField {
  readonly #limits: Limits;
  /** Prefix, slash and name in one piece. In the header they are in two fields. */
  readonly #joined: Buffer = Buffer.alloc(FIELD.prefix[1] - FIELD.prefix[0] + 1 + 100);

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  read(
    block: Buffer,
    at: number,
    field: { nameSum: number; prefix: boolean; override: Buffer | undefined; directory: boolean },
  ): ReadPath {
    const { directory } = field;
    const stop = at + FIELD.name[1];
    let nameEnd = at;
    let nameSum = 0;
    while (nameEnd < stop && block[nameEnd] !== 0) nameSum += block[nameEnd++]!;
    let residue: ReadPath['residue'] = nameSum === field.nameSum ? '' : 'name';
    const start = at + FIELD.prefix[0];
    const prefixEnd = stringEnd(block, start, at + FIELD.prefix[1]);
    if (residue === '' && field.prefix && hasPrefixResidue(block, prefixEnd, start))
      residue = 'prefix';
    const { override } = field;
    if (override)
      return this.#decode(override, { start: 0, end: override.length, directory, residue });
    if (!field.prefix) return this.#decode(block, { start: at, end: nameEnd, directory, residue });
    const end = this.#join(block, at);
    return this.#decode(this.#joined, { start: 0, end, directory, residue });
  }

  /** The path that the header alone would give. */
  headerPath(block: Buffer, at: number): string {
    const length = this.#join(block, at);
    return this.#joined.toString('utf8', 0, length);
  }

  /**
   * Whether a writer may have put this header path beside the PAX path `long`. It is either the same path or, if that does not fit
   * or is not ASCII, the path cut short, with characters dropped or replaced by `?` or `_`.
   */
  isShortenedBy(block: Buffer, at: number, long: Buffer): boolean {
    const joined = this.#join(block, at);
    const short = withoutSlash(this.#joined.subarray(0, joined));
    const full = withoutSlash(long);
    // Compare bytes, not strings: an archive can have thousands of these paths, of kilobytes each.
    const isStart = full.subarray(0, short.length).equals(short);
    if (isStart && full.length === short.length) return true;
    if (!isAscii(full)) return isStart || startsAlike(full, short);
    return isStart && long.length >= FIELD.name[1] - FIELD.name[0];
  }

  /** Puts prefix, slash and name into `#joined`. Returns their length. */
  #join(block: Buffer, at: number): number {
    const start = at + FIELD.prefix[0];
    const prefixEnd = stringEnd(block, start, at + FIELD.prefix[1]);
    const nameEnd = stringEnd(block, at, at + FIELD.name[1]);
    let length = block.copy(this.#joined, 0, start, prefixEnd);
    if (length > 0) this.#joined[length++] = SLASH;
    return length + block.copy(this.#joined, length, at, nameEnd);
  }

  #decode(
    bytes: Buffer,
    range: { start: number; end: number; directory: boolean; residue: ReadPath['residue'] },
  ): ReadPath {
    const { start, end, directory, residue } = range;
    // The slash at the end of a directory's path repeats what the typeflag says.
    let stop = directory && end - start > 1 && bytes[end - 1] === SLASH ? end - 1 : end;
    let traits = pathTraits(bytes, start, stop, this.#limits);
    // A file cannot be at `x/.`: some extractors drop the dot, for others `x` becomes a folder.
    if (
      !directory &&
      (traits & Trait.Dot) !== 0 &&
      bytes[stop - 1] === DOT &&
      bytes[stop - 2] === SLASH
    )
      traits |= Trait.EmptyComponent;
    if ((traits & Trait.LongPath) !== 0) {
      // A long path is rejected for its length. Only the part that a report shows is kept, so that memory stays bounded.
      stop = start + this.#limits.pathBytes;
    }
    if ((traits & Trait.NonAscii) === 0)
      return { path: bytes.toString('latin1', start, stop), traits, residue };
    if (!isUtf8(bytes.subarray(start, stop))) traits |= Trait.InvalidUtf8;
    return { path: bytes.toString('utf8', start, stop), traits, residue };
  }
}

// Old node-tar, like star, shortens the prefix to 130 bytes and writes access and change time into the last 24.
const SHORT_PREFIX_BYTES = 130;

/** Whether a POSIX header has bytes after the NUL that ends its prefix. node-tar ignores the prefix then, unless they are times. */
function hasPrefixResidue(block: Buffer, from: number, start: number): boolean {
  for (let at = from; at < start + SHORT_PREFIX_BYTES + 1; at++) if (block[at] !== 0) return true;
  for (let at = Math.max(from, start + SHORT_PREFIX_BYTES + 1); at < start + 155; at++) {
    const byte = block[at]!;
    if (byte !== 0 && byte !== 0x20 && (byte < 0x30 || byte > 0x37)) return true;
  }
  return false;
}

/** Size of the pieces in which node-tar reads a tar that it inflates itself. */
const NODE_TAR_PIECE = 16 * 1024;

/**
 * Whether node-tar may read a path at `offset` of the archive in two pieces, with a character cut between them. It turns each piece
 * into text, so that the length of the record is wrong. It then ignores the record, and uses the path in the header.
 */
export function isCutInReading(path: Buffer, offset: number): boolean {
  let border = NODE_TAR_PIECE - (offset % NODE_TAR_PIECE);
  for (; border < path.length; border += NODE_TAR_PIECE)
    if ((path[border]! & 0xc0) === 0x80) return true;
  return false;
}

function withoutSlash(path: Buffer): Buffer {
  return path[path.length - 1] === SLASH ? path.subarray(0, -1) : path;
}

/** Whether `full` starts with `short`. Writers drop characters that are not ASCII, or write `?` or `_` in their place. */
function startsAlike(full: Buffer, short: Buffer): boolean {
  let from = 0;
  for (const byte of short) {
    if (isDropped(byte)) continue;
    while (from < full.length && isDropped(full[from]!)) from++;
    if (full[from] !== byte) return false;
    from++;
  }
  return true;
}

function isDropped(byte: number): boolean {
  return byte > 0x7f || byte === QUESTION_MARK || byte === UNDERSCORE;
}
