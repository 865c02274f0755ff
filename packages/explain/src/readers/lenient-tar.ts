import { BLOCK, FIELD, isZero, magicOf } from '@tarwarden/core/containers';
import { MAX_LENIENT_PAX_BYTES, MAX_VIEW_ENTRIES, MAX_ZERO_TAIL } from '@tarwarden/core/limits';
import { ClientError, fail, NotModelled } from './disk.ts';
import {
  applyPax,
  chars,
  checksumFits,
  isBinary,
  number,
  octal,
  untilNul,
  type Dialect,
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

/** Offset of the byte in an old GNU sparse header that says whether another block of its map follows. */
const SPARSE_MORE = 482;

/** Types of extended headers: PAX, global PAX, GNU long name, GNU long link. */
const EXTENDED = 'xgLK';

/**
 * Walks a tar in a dialect. Bounded by MAX_VIEW_ENTRIES. For views only: no verdict depends on it.
 * @throws NotModelled at a size that is negative or beyond all numbers: it decides where a reader goes on.
 */
export function walkTar(tar: Buffer, dialect: Dialect): TarWalk {
  const walk = new TarWalk(tar, dialect);
  try {
    walk.run();
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    walk.error = error.message;
  }
  return walk;
}

/** The values of a header, before extended headers override them. */
interface Header {
  readonly offset: number;
  readonly name: string;
  /** One character; `0` for NUL. */
  readonly type: string;
  /** The size as it is written. 0 without digits. */
  readonly declared: number;
}

/** One reading of one tar. Each step depends on one or two fields of the dialect. */
class TarWalk {
  readonly entries: LenientEntry[] = [];
  /** Headers that were skipped, with the reason. */
  readonly skipped: { path: string; reason: string }[] = [];
  /** The reason why reading stopped with an error. Undefined without an error. */
  error: string | undefined;
  readonly #tar: Buffer;
  readonly #dialect: Dialect;
  readonly #global: Pending = { kinds: '' };
  #pending: Pending = { kinds: '' };
  #zeros = 0;
  /** Start of the content after a damaged header, which is read as headers. */
  #damaged = -1;
  #at = 0;
  #isEnd = false;

  constructor(tar: Buffer, dialect: Dialect) {
    this.#tar = tar;
    this.#dialect = dialect;
  }

  run(): void {
    const tar = this.#tar;
    for (let count = 1; this.#at + BLOCK <= tar.length && !this.#isEnd; count += 1) {
      if (count > MAX_VIEW_ENTRIES) fail('more entries than are modelled');
      this.#block();
    }
    const { remainder, refusesOrphans } = this.#dialect;
    const bytesLeft = tar.length - this.#at;
    if (remainder === 'end-needed' && tar[this.#at] !== 0) fail('there is no end marker');
    if (remainder === 'error' && bytesLeft > 0 && bytesLeft < BLOCK) fail('a header is cut off');
    if (this.#pending.kinds !== '' && refusesOrphans === true)
      fail('an extended header has no entry');
  }

  #skip(path: string, reason: string): void {
    this.skipped.push({ path, reason });
  }

  #block(): void {
    const tar = this.#tar;
    const offset = this.#at;
    const { zeros, badChecksum, signedChecksum, oldTypes } = this.#dialect;
    this.#isEnd = zeros === 'first-byte' && tar[offset] === 0;
    if (this.#isEnd) return;
    this.#at += BLOCK;
    if (isZero(tar, offset, this.#at)) {
      this.#zeroBlock();
      return;
    }
    this.#zeros = 0;
    const name = chars(tar, offset, 'name');
    if (badChecksum !== 'believed' && !checksumFits(tar, offset, signedChecksum === true)) {
      this.#damagedHeader(name, offset);
      return;
    }
    const code = tar[offset + FIELD.typeflag[0]] ?? 0;
    const type = code === 0 && oldTypes !== true ? '0' : String.fromCharCode(code);
    const header = { offset, name, type, declared: this.#declaredSize(offset, type) };
    if (EXTENDED.includes(type) && oldTypes !== true) this.#extendedHeader(header);
    else this.#entry(header);
  }

  #zeroBlock(): void {
    const tar = this.#tar;
    const { zeros } = this.#dialect;
    this.#zeros += 1;
    this.#isEnd = zeros === 'one' || zeros === 'strict' || (zeros === 'two' && this.#zeros === 2);
    if (zeros !== 'strict') return;
    if (!isZero(tar, this.#at, tar.length)) fail('something follows the end of the archive');
    // The end is two blocks, and the second is still to come.
    if (tar.length - this.#at > BLOCK + MAX_ZERO_TAIL)
      fail('more zeros follow the end of the archive than it takes');
  }

  #damagedHeader(name: string, offset: number): void {
    const { badChecksum } = this.#dialect;
    this.#isEnd = badChecksum === 'end';
    if (badChecksum === 'error' || (this.#isEnd && offset === 0))
      fail('a header has a wrong checksum');
    // The content of the damaged header follows, which is no header.
    if (!this.#isEnd && this.#damaged !== offset)
      this.#skip(name, 'its header has a wrong checksum');
    this.#damaged = this.#at;
  }

  /** The size that a header declares. */
  #declaredSize(offset: number, type: string): number {
    const { base256, strictNumbers } = this.#dialect;
    const tar = this.#tar;
    const binary = isBinary(tar, offset, 'size');
    if (binary && base256 === 'error') fail('a size is not octal');
    const declared = binary && base256 === 'zero' ? 0 : number(tar, offset, 'size');
    if (declared === undefined || declared < 0) throw new NotModelled(ODD_SIZE);
    if (strictNumbers === true && !binary && !octal(tar, offset, 'size'))
      fail('a size is not octal');
    if (strictNumbers === true && type === '0' && !octal(tar, offset, 'mode'))
      fail('a mode is not octal');
    return declared || 0;
  }

  /** Whether the reader skips a header because it has a link target although it is not a link. */
  #skipsTarget(type: string, target: string, path: string): boolean {
    const { targetsBesideLinks } = this.#dialect;
    const isOdd = targetsBesideLinks !== undefined && !`12${targetsBesideLinks}`.includes(type);
    if (target === '' || !isOdd) return false;
    this.#skip(path, 'it has the target of a link, and is none');
    return true;
  }

  #extendedHeader({ offset, name, type, declared: size }: Header): void {
    const tar = this.#tar;
    const { strictExtended, repeatedIsError, truncated } = this.#dialect;
    if (type === 'K' && strictExtended === true) fail('an entry is of type "K"');
    if (this.#skipsTarget(type, chars(tar, offset, 'linkname'), name)) return;
    if (
      type !== 'g' &&
      this.#pending.kinds.includes(type) &&
      repeatedIsError?.includes(type) === true
    )
      fail('two extended headers come before one entry');
    if (this.#at + size > tar.length) {
      this.#isEnd = truncated === 'short' || fail('an extended header is cut off');
      return;
    }
    const body = tar.subarray(this.#at, this.#at + this.#contentBytes(size));
    this.#at = nextBlock(this.#at + size);
    const target = type === 'g' ? this.#global : this.#pending;
    if (type !== 'g') this.#pending.kinds += type;
    this.#apply(body, type, target);
    if ((target.size ?? 0) < 0) throw new NotModelled(ODD_SIZE);
  }

  /** Bytes that are read of an extended header: with its padding, with a part of it, or without it. */
  #contentBytes(size: number): number {
    if (this.#dialect.paddingIsContent !== true) return size;
    let end = Math.min(nextBlock(this.#at + size), this.#tar.length);
    while (end > this.#at + size && this.#tar[end - 1] === 0) end -= 1;
    return end - this.#at;
  }

  #apply(body: Buffer, type: string, target: Pending): void {
    const dialect = this.#dialect;
    const text = type === 'L' || type === 'K' ? body.toString() : '';
    if (type === 'L') {
      target.gnuPath =
        dialect.keepsNulInLongName === true ? text.replace(/\0$/, '') : untilNul(text);
      if (dialect.wins === 'last') target.path = target.gnuPath;
    } else if (type === 'K') target.linkpath = untilNul(text);
    else if (body.length <= MAX_LENIENT_PAX_BYTES)
      applyPax(body, target, { dialect, global: type === 'g' });
  }

  /** The path of an entry, from an extended header or from its own header. */
  #path({ offset, name }: Header): string {
    const tar = this.#tar;
    const { wins, prefix: prefixed } = this.#dialect;
    const { path, gnuPath } = this.#pending;
    const isRead = prefixed === 'all' || magicOf(tar, offset) === 'posix';
    const prefix = isRead ? chars(tar, offset, 'prefix') : '';
    const headerPath = prefix === '' ? name : `${prefix}/${name}`;
    return (wins === 'gnu' ? (gnuPath ?? path) : (path ?? gnuPath)) ?? headerPath;
  }

  #entry(header: Header): void {
    const tar = this.#tar;
    const { noName, globals, slashIsFolder, base256 } = this.#dialect;
    const { offset, type } = header;
    const pending = this.#pending;
    const believed = globals === 'believed' ? this.#global : undefined;
    const path = this.#path(header);
    if (path === '' && noName === 'error') fail('an entry has no name');
    if (path === '' && noName === 'skip') {
      this.#skip('', 'it has no name');
      return;
    }
    this.#pending = { kinds: '' };
    const ownTarget = believed?.linkpath ?? chars(tar, offset, 'linkname');
    if (this.#skipsTarget(type, ownTarget, path)) return;
    const isFolder = type === '0' && slashIsFolder && path.endsWith('/');
    const shownType = isFolder ? '5' : type;
    const content = this.#content(header, shownType, pending.size ?? believed?.size);
    const linkpath = pending.linkpath ?? ownTarget;
    const isZeroMode = base256 === 'zero' && isBinary(tar, offset, 'mode');
    const mode = (isZeroMode ? 0 : (number(tar, offset, 'mode') ?? 0)) & 0o7777;
    this.entries.push({ offset, path, type: shownType, mode, linkpath, content });
  }

  /** Reads the content of an entry. */
  #content(
    { offset, type, declared }: Header,
    shownType: string,
    paxSize: number | undefined,
  ): Buffer {
    const tar = this.#tar;
    const dialect = this.#dialect;
    const isEmpty = dialect.withoutContent.includes(shownType);
    const isIgnored = paxSize === 0 && dialect.paxSize === 'unless-zero';
    // Bytes until the next header, before they are rounded up to blocks.
    const size = isEmpty ? 0 : isIgnored ? declared : (paxSize ?? declared);
    if (type === 'S' && dialect.sparseMaps === true && tar[offset + SPARSE_MORE] === 1)
      this.#at += BLOCK;
    const from = this.#at;
    if (from + size > tar.length && dialect.truncated === 'error')
      fail('the content of an entry is cut off');
    this.#at = nextBlock(from + size);
    const contentLength = isEmpty ? 0 : dialect.paxSize === 'place' ? declared : size;
    return tar.subarray(from, from + contentLength);
  }
}

const ODD_SIZE = 'a size in it is negative, or beyond all numbers';

function nextBlock(at: number): number {
  return Math.ceil(at / BLOCK) * BLOCK;
}
