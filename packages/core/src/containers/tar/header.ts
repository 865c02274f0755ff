import { plainOctal } from './number.ts';

/** Size of a tar block (POSIX ustar), and of a header. */
export const BLOCK = 512;

/** Byte ranges of the ustar header: start, and one past the end. */
export const FIELD = {
  name: [0, 100],
  mode: [100, 108],
  uid: [108, 116],
  gid: [116, 124],
  size: [124, 136],
  mtime: [136, 148],
  checksum: [148, 156],
  typeflag: [156, 157],
  linkname: [157, 257],
  magic: [257, 265],
  uname: [265, 297],
  gname: [297, 329],
  devmajor: [329, 337],
  devminor: [337, 345],
  prefix: [345, 500],
  padding: [500, 512],
} as const;

export type FieldName = keyof typeof FIELD;

/**
 * `posix`: `ustar\0` and version `00`; only this dialect has a prefix field. `gnu`: `ustar  \0`. `blank`: eight NULs, as before
 * POSIX. `unknown`: anything else, for which extractors disagree about the prefix or refuse the archive.
 */
export type Magic = 'posix' | 'gnu' | 'blank' | 'unknown';

/** Dialect of the header at `at`. */
export function magicOf(block: Buffer, at: number): Magic {
  const start = at + FIELD.magic[0];
  if (block.readUInt32BE(start) === 0x75737461) {
    const tail = block.readUInt32BE(start + 4);
    if (tail === 0x72003030) return 'posix'; // r NUL 0 0
    if (tail === 0x72202000) return 'gnu'; // r SP SP NUL
    return 'unknown';
  }
  return block.readUInt32BE(start) === 0 && block.readUInt32BE(start + 4) === 0
    ? 'blank'
    : 'unknown';
}

/** Sum of the bytes of `[start, end)`. It is zero exactly if all of them are NUL. */
export function sum(block: Buffer, start: number, end: number): number {
  let total = 0;
  for (let at = start; at < end; at++) total += block[at]!;
  return total;
}

/** Sums of the bytes of a header: all bytes for the checksum, and some fields to see at once whether they are empty. */
export class HeaderSums {
  total = 0;
  name = 0;
  linkname = 0;
  prefix = 0;
  #words: Uint32Array = new Uint32Array();

  read(block: Buffer, at: number): void {
    const start = block.byteOffset + at;
    if (start % 4 === 0) this.#readWords(block, at, start / 4);
    else {
      this.total = sum(block, at, at + BLOCK);
      this.name = sum(block, at + FIELD.name[0], at + FIELD.name[1]);
      this.linkname = sum(block, at + FIELD.linkname[0], at + FIELD.linkname[1]);
      this.prefix = sum(block, at + FIELD.prefix[0], at + FIELD.prefix[1]);
    }
  }

  // Adding four bytes at a time takes a third of the time. Bytes of fields that start or end inside a word are added separately.
  #readWords(block: Buffer, at: number, from: number): void {
    let words = this.#words;
    if (words.buffer !== block.buffer) {
      words = new Uint32Array(block.buffer, 0, block.buffer.byteLength >>> 2);
      this.#words = words;
    }
    this.name = sumWords(words, from, from + 25);
    const beforeLinkname = block[at + 156]!;
    const linknameStart = block[at + 157]! + block[at + 158]! + block[at + 159]!;
    const linknameEnd = block[at + 256]!;
    this.linkname = linknameStart + sumWords(words, from + 40, from + 64) + linknameEnd;
    const prefixStart = block[at + 345]! + block[at + 346]! + block[at + 347]!;
    this.prefix = prefixStart + sumWords(words, from + 87, from + 125);
    this.total =
      this.name +
      sumWords(words, from + 25, from + 39) +
      beforeLinkname +
      this.linkname +
      sumWords(words, from + 64, from + 87) -
      linknameEnd +
      (this.prefix - prefixStart) +
      sumWords(words, from + 125, from + 128);
  }
}

/** Sum of the bytes of at most 128 words: two lanes of 16 bits hold it, since 2 × 128 × 255 < 2^16. */
function sumWords(words: Uint32Array, start: number, end: number): number {
  let lanes = 0;
  for (let at = start; at < end; at++) {
    const word = words[at]!;
    lanes = (lanes + (word & 0x00ff00ff) + ((word >>> 8) & 0x00ff00ff)) | 0;
  }
  return (lanes & 0xffff) + (lanes >>> 16);
}

// The checksum field counts as eight spaces in the sum.
const CHECKSUM_AS_SPACES = 8 * 0x20;

/**
 * Whether the checksum of the header fits. `signed`: only the sum of signed bytes fits. Some old writers compute it this way, and
 * some extractors refuse it. `padded`: it fits, after leading spaces.
 */
export function checkSum(
  block: Buffer,
  at: number,
  total: number,
): 'ok' | 'padded' | 'signed' | 'bad' {
  const start = at + FIELD.checksum[0];
  const end = at + FIELD.checksum[1];
  // node-tar reads twelve bytes here. If digits fill all eight, it reads the typeflag as one more digit.
  if (block[end - 1] !== 0 && block[end - 1] !== 0x20) return 'bad';
  let stored = plainOctal(block, start, end);
  let padded = false;
  if (stored < 0) {
    let skip = start;
    while (skip < end && block[skip] === 0x20) skip++;
    stored = skip < end ? plainOctal(block, skip, end) : -1;
    padded = true;
  }
  const unsigned = total - sum(block, start, end) + CHECKSUM_AS_SPACES;
  if (stored === unsigned) return padded ? 'padded' : 'ok';
  let high = 0;
  for (let byte = at; byte < at + BLOCK; byte++) {
    if (block[byte]! >= 0x80 && (byte < start || byte >= end)) high++;
  }
  return stored >= 0 && stored === unsigned - 256 * high ? 'signed' : 'bad';
}

/** Whether a block is a header, by its checksum. */
export function isHeader(block: Buffer, at: number): boolean {
  return checkSum(block, at, sum(block, at, at + BLOCK)) !== 'bad';
}

/** End of the NUL-terminated string in `[start, end)`. */
export function stringEnd(block: Buffer, start: number, end: number): number {
  for (let at = start; at < end; at++) if (block[at] === 0) return at;
  return end;
}

const ZEROS = Buffer.alloc(64 * 1024);

/** Whether `bytes[start, end)` holds only NUL. */
export function isZero(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at += ZEROS.length) {
    const stop = Math.min(end, at + ZEROS.length);
    if (bytes.compare(ZEROS, 0, stop - at, at, stop) !== 0) return false;
  }
  return true;
}
