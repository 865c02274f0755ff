import { BLOCK, FIELD, isZero } from '../../containers/index.ts';
import { MAX_LENIENT_PAX_BYTES, MAX_VIEW_ENTRIES, MAX_ZERO_TAIL } from '../../limits.ts';
import { NotModelled } from './disk.ts';
import {
  mayHaveTarget,
  type Dialect,
  checksumFits,
  number,
  octal,
  entryPath,
  plain,
  chars,
  untilNul,
  applyPax,
  type Pending,
} from './dialect.ts';

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
  /** Headers that were skipped, with the reason. */
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
  /** The reason why reading stopped with an error. Absent without an error. */
  readonly error?: string;
}

/** Offset of the byte in an old GNU sparse header that says whether another block of its map follows. */
const SPARSE_MORE = 482;

/** Types of extended headers: PAX, global PAX, GNU long name, GNU long link. */
const EXTENDED = 'xgLK';

/**
 * Walks a tar in a dialect. Bounded by MAX_VIEW_ENTRIES. For views only: no verdict depends on it.
 * @throws NotModelled at a size that is negative or beyond all numbers: it decides where a reader goes on.
 */
export function walkTar(tar: Buffer, dialect: Dialect): Walked {
  return new Walk(tar, dialect).run();
}

/** The result of one block: reading goes on, the archive has ended, or the reader fails. */
type Step = 'next' | 'end' | { readonly error: string };

/** The values of a header, before extended headers override them. */
interface Header {
  readonly offset: number;
  readonly name: string;
  /** One character; `0` for NUL. */
  readonly type: string;
  /** The size as it is written. NaN without digits. */
  readonly declared: number;
}

function failure(error: string): Step {
  return { error };
}

/** One reading of one tar. Each step depends on one or two fields of the dialect. */
class Walk {
  readonly #tar: Buffer;
  readonly #dialect: Dialect;
  readonly #entries: LenientEntry[] = [];
  readonly #skipped: { path: string; why: string }[] = [];
  readonly #global: Pending = { kinds: '' };
  #pending: Pending = { kinds: '' };
  #zeros = 0;
  /** Start of the content after a damaged header, which is read as headers. */
  #damaged = -1;
  #at = 0;

  constructor(tar: Buffer, dialect: Dialect) {
    this.#tar = tar;
    this.#dialect = dialect;
  }

  run(): Walked {
    for (let count = 1; this.#at + BLOCK <= this.#tar.length; count += 1) {
      if (count > MAX_VIEW_ENTRIES) return this.#result('more entries than are modelled');
      const step = this.#block();
      if (step === 'end') break;
      if (step !== 'next') return this.#result(step.error);
    }
    return this.#result(this.#problemAtEnd());
  }

  #result(error?: string): Walked {
    const found = { entries: this.#entries, skipped: this.#skipped };
    return error === undefined ? found : { ...found, error };
  }

  #skip(path: string, why: string): Step {
    this.#skipped.push({ path, why });
    return 'next';
  }

  #block(): Step {
    const tar = this.#tar;
    const offset = this.#at;
    if (this.#dialect.zeros === 'first-byte' && tar[offset] === 0) return 'end';
    this.#at += BLOCK;
    if (isZero(tar, offset, this.#at)) return this.#zeroBlock();
    this.#zeros = 0;
    const name = chars(tar, offset, 'name');
    const { badChecksum, signedChecksum, nulIsNoFile, extendedAreEntries } = this.#dialect;
    if (badChecksum !== 'believed' && !checksumFits(tar, offset, signedChecksum === true))
      return this.#damagedHeader(name, offset);
    const code = tar[offset + FIELD.typeflag[0]] ?? 0;
    const type = code === 0 && nulIsNoFile !== true ? '0' : String.fromCharCode(code);
    const declared = this.#declaredSize(offset, type);
    if (typeof declared !== 'number') return declared;
    const header = { offset, name, type, declared };
    return EXTENDED.includes(type) && extendedAreEntries !== true
      ? this.#extendedHeader(header)
      : this.#entry(header);
  }

  #zeroBlock(): Step {
    const tar = this.#tar;
    this.#zeros += 1;
    switch (this.#dialect.zeros) {
      case 'two':
        return this.#zeros === 2 ? 'end' : 'next';
      case 'one':
        return 'end';
      case 'strict':
        if (!isZero(tar, this.#at, tar.length))
          return failure('something follows the end of the archive');
        // The end is two blocks, and the second is still to come.
        return tar.length - this.#at > BLOCK + MAX_ZERO_TAIL
          ? failure('more zeros follow the end of the archive than it takes')
          : 'end';
      default:
        return 'next';
    }
  }

  #damagedHeader(name: string, offset: number): Step {
    const { badChecksum } = this.#dialect;
    if (badChecksum === 'error' || (badChecksum === 'end' && offset === 0))
      return failure('a header has a wrong checksum');
    if (badChecksum === 'end') return 'end';
    const before = this.#damaged;
    this.#damaged = this.#at;
    // The content of the damaged header follows, which is no header.
    return before === offset ? 'next' : this.#skip(name, 'its header has a wrong checksum');
  }

  /** The size that a header declares. If the reader does not accept it, the result of the block. */
  #declaredSize(offset: number, type: string): number | Step {
    const { base256, strictNumbers } = this.#dialect;
    const tar = this.#tar;
    const isBinary = (tar[offset + FIELD.size[0]] ?? 0) >= 0x80;
    if (isBinary && base256 === 'error') return failure('a size is not octal');
    const declared = isBinary && base256 === 'zero' ? 0 : number(tar, offset, 'size');
    if (declared === undefined || declared < 0) throw new NotModelled(ODD_SIZE);
    if (strictNumbers && !plain(tar, offset, 'size')) return failure('a size is not octal');
    if (strictNumbers && type === '0' && !octal(tar, offset, 'mode'))
      return failure('a mode is not octal');
    return declared;
  }

  #extendedHeader({ offset, name, type, declared }: Header): Step {
    const tar = this.#tar;
    const { longLinks, repeatedIsError, truncated } = this.#dialect;
    const size = Math.max(0, declared || 0);
    if (type === 'K' && !longLinks) return failure('an entry is of type "K"');
    if (!mayHaveTarget(this.#dialect, type, chars(tar, offset, 'linkname')))
      return this.#skip(name, 'it has the target of a link, and is none');
    if (type !== 'g' && this.#pending.kinds.includes(type) && repeatedIsError.includes(type))
      return failure('two extended headers come before one entry');
    if (this.#at + size > tar.length)
      return truncated === 'short' ? 'end' : failure('an extended header is cut off');
    const body = tar.subarray(this.#at, this.#at + this.#contentBytes(size));
    this.#at = nextBlock(this.#at + size);
    const target = type === 'g' ? this.#global : this.#pending;
    if (type !== 'g') this.#pending.kinds += type;
    const problem = this.#apply(body, type, target);
    if (problem !== undefined) return failure(problem);
    if ((target.size ?? 0) < 0) throw new NotModelled(ODD_SIZE);
    return 'next';
  }

  /** Bytes that are read of an extended header: with its padding, with a part of it, or without it. */
  #contentBytes(size: number): number {
    if (this.#dialect.paddingIsContent !== true) return size;
    let end = Math.min(nextBlock(this.#at + size), this.#tar.length);
    while (end > this.#at + size && this.#tar[end - 1] === 0) end -= 1;
    return end - this.#at;
  }

  /** Applies an extended header. Returns the reason why the reader fails, or undefined. */
  #apply(body: Buffer, type: string, target: Pending): string | undefined {
    const dialect = this.#dialect;
    if (type === 'L') {
      target.gnuPath = longName(body.toString(), dialect);
      if (dialect.wins === 'last') target.path = target.gnuPath;
    } else if (type === 'K') target.linkpath = untilNul(body.toString());
    else if (body.length <= MAX_LENIENT_PAX_BYTES)
      return applyPax(body, target, { dialect, global: type === 'g' });
    return undefined;
  }

  #entry(header: Header): Step {
    const tar = this.#tar;
    const dialect = this.#dialect;
    const { offset, name, type } = header;
    const pending = this.#pending;
    const believed = dialect.globals === 'believed' ? this.#global : undefined;
    const path = entryPath(tar, offset, { pending, dialect, name });
    if (path === '' && dialect.noName === 'error') return failure('an entry has no name');
    if (path === '' && dialect.noName === 'skip') return this.#skip('', 'it has no name');
    this.#pending = { kinds: '' };
    const ownTarget = believed?.linkpath ?? chars(tar, offset, 'linkname');
    if (!mayHaveTarget(dialect, type, ownTarget))
      return this.#skip(path, 'it has the target of a link, and is none');
    const isFolder = type === '5' || (type === '0' && dialect.slashIsFolder && path.endsWith('/'));
    const shownType = isFolder ? '5' : type;
    const content = this.#content(header, { shownType, paxSize: pending.size ?? believed?.size });
    if (content === undefined) return failure('the content of an entry is cut off');
    const linkpath = pending.linkpath ?? ownTarget;
    const mode = this.#mode(offset);
    this.#entries.push({ offset, path, type: shownType, mode, linkpath, content });
    return 'next';
  }

  #mode(offset: number): number {
    const odd =
      this.#dialect.base256 === 'zero' && (this.#tar[offset + FIELD.mode[0]] ?? 0) >= 0x80;
    return ((odd ? 0 : number(this.#tar, offset, 'mode')) ?? 0) & 0o7777;
  }

  /** Reads the content of an entry. Undefined if the archive ends inside it, and the reader fails at that. */
  #content(
    { offset, type, declared }: Header,
    header: { readonly shownType: string; readonly paxSize: number | undefined },
  ): Buffer | undefined {
    const tar = this.#tar;
    const dialect = this.#dialect;
    const { paxSize } = header;
    const headerSize = Math.max(0, declared || 0);
    const isEmpty = dialect.withoutContent.includes(header.shownType);
    const size = isEmpty ? 0 : this.#sizeOf(headerSize, paxSize);
    if (type === 'S' && dialect.sparseMaps && tar[offset + SPARSE_MORE] === 1) this.#at += BLOCK;
    const from = this.#at;
    if (from + size > tar.length && dialect.truncated === 'error') return undefined;
    this.#at = nextBlock(from + size);
    return tar.subarray(
      from,
      isEmpty ? from : from + (dialect.paxSize === 'place' ? headerSize : size),
    );
  }

  /** Bytes until the next header, before they are rounded up to blocks. */
  #sizeOf(headerSize: number, paxSize: number | undefined): number {
    if (paxSize === undefined) return headerSize;
    return paxSize === 0 && this.#dialect.paxSize === 'unless-zero' ? headerSize : paxSize;
  }

  #problemAtEnd(): string | undefined {
    const { rest, orphan } = this.#dialect;
    const left = this.#tar.length - this.#at;
    if (rest === 'end-needed' && this.#tar[this.#at] !== 0) return 'there is no end marker';
    if (rest === 'error' && left > 0 && left < BLOCK) return 'a header is cut off';
    if (this.#pending.kinds !== '' && orphan === 'error') return 'an extended header has no entry';
    return undefined;
  }
}

const ODD_SIZE = 'a size in it is negative, or beyond all numbers';

function nextBlock(at: number): number {
  return Math.ceil(at / BLOCK) * BLOCK;
}

function longName(value: string, dialect: Dialect): string {
  return dialect.nulInLongName === 'ends' ? untilNul(value) : value.replace(/\0$/, '');
}
