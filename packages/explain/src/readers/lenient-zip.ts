/** Reads zips as Python's zipfile and Go's archive/zip do: by the directory at the end, whatever else is in the file. */
import { constants, crc32, inflateRawSync } from 'node:zlib';
import {
  centralHeader,
  DESCRIPTOR_FLAG,
  headerName,
  localHeader,
  UTF8_FLAG,
  type CentralHeader,
  type ZipHeader,
} from '@tarwarden/core/containers';
import { MAX_VIEW_BYTES, MAX_VIEW_ENTRIES } from '@tarwarden/core/limits';
import { untilNul } from './dialect.ts';
import { ClientError, fail, NotModelled, tooLarge } from './disk.ts';

/** Python 3.11 ignores the Unicode path of an extra field, and 3.13 believes it. */
type ZipReader = 'python' | 'python-3.11' | 'go';

export interface ZipItem extends CentralHeader {
  readonly name: string;
  /** As the directory spells it, before a Unicode path of an extra field. */
  readonly ownName: string;
}

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const END_BYTES = 22;
const END64_BYTES = 56;
const LOCATOR64_BYTES = 20;
const CENTRAL_BYTES = 46;
const MAX_COMMENT = 0xffff;
const ALL_ONES = 0xffffffff;
const DESCRIPTOR = 0x08074b50;
/** Go looks for the end record in the last kilobyte, and then in this many bytes. */
const GO_TAIL = 65 * 1024;
/** The highest `version needed` that Python accepts. */
const MAX_PYTHON_VERSION = 63;

interface End {
  at: number;
  records: number;
  size: number;
  offset: number;
}

/** Whether Python's `zipfile.is_zipfile` says yes: an end record is near the end. */
export function isPythonZip(bytes: Buffer): boolean {
  try {
    return endRecord(bytes, 'python') !== undefined;
  } catch (error) {
    if (error instanceof ClientError) return false;
    throw error;
  }
}

/** A zip as one reader sees it. If two entries have one name, the last one counts. */
export class LenientZip {
  readonly items: readonly ZipItem[];
  readonly last: ReadonlyMap<string, ZipItem>;
  readonly #bytes: Buffer;
  readonly #reader: ZipReader;
  #total = 0;

  constructor(bytes: Buffer, reader: ZipReader) {
    this.#bytes = bytes;
    this.#reader = reader;
    this.items = zipItems(bytes, reader);
    this.last = new Map(this.items.map((item) => [item.name, item]));
  }

  /** The content of the last entry of that name. Undefined if there is none. */
  read(name: string): Buffer | undefined {
    const item = this.last.get(name);
    if (item === undefined) return undefined;
    this.#total += item.size;
    if (this.#total > MAX_VIEW_BYTES) tooLarge();
    return zipContent(this.#bytes, item, this.#reader);
  }
}

/** The entries of the directory, in order. */
function zipItems(bytes: Buffer, reader: ZipReader): ZipItem[] {
  const isGo = reader === 'go';
  const end = endRecord(bytes, reader);
  if (end === undefined) fail('it is not a zip');
  let before = end.at - end.size - end.offset;
  if (before + end.offset < 0) fail('its directory does not fit into the file');
  if (isGo && before > 0 && isCentral(bytes, end.offset)) before = 0;
  const items: ZipItem[] = [];
  const from = before + end.offset;
  const until = isGo ? bytes.length : from + end.size;
  for (let at = from; at < until && items.length <= MAX_VIEW_ENTRIES;) {
    if (isGo && !isCentral(bytes, at)) break;
    if (!isCentral(bytes, at)) fail('its directory is damaged');
    const header = centralHeader(bytes, at, bytes.length) ?? fail('its directory is cut off');
    const item = itemOf(header, reader);
    items.push({ ...item, localOffset: item.localOffset + before });
    at = header.nameStart + header.nameBytes + header.extraBytes + header.commentBytes;
  }
  if (items.length > MAX_VIEW_ENTRIES)
    throw new NotModelled('it has more entries than are modelled');
  if (isGo && items.length % 0x10000 !== end.records % 0x10000)
    fail('its directory has another number of entries than it says');
  return items;
}

function isCentral(bytes: Buffer, at: number): boolean {
  return at + CENTRAL_BYTES <= bytes.length && bytes.readUInt32LE(at) === CENTRAL;
}

function endRecord(bytes: Buffer, reader: ZipReader): End | undefined {
  const at = reader !== 'go' ? pythonEnd(bytes) : goEnd(bytes);
  if (at === undefined) return undefined;
  const end = {
    at,
    records: bytes.readUInt16LE(at + 10),
    size: bytes.readUInt32LE(at + 12),
    offset: bytes.readUInt32LE(at + 16),
  };
  const locator = at - LOCATOR64_BYTES;
  const isAsked =
    reader !== 'go' || end.records === 0xffff || end.size === 0xffff || end.offset === ALL_ONES;
  if (!isAsked || locator < 0 || bytes.readUInt32LE(locator) !== LOCATOR64) return end;
  const locatorOffset = Number(bytes.readBigUInt64LE(locator + 8));
  const recordStart = [locatorOffset, locator - END64_BYTES].find(
    (start) =>
      start >= 0 && start + END64_BYTES <= bytes.length && bytes.readUInt32LE(start) === END64,
  );
  if (recordStart === undefined) fail('its zip64 end record is not there');
  return {
    at: recordStart,
    records: Number(bytes.readBigUInt64LE(recordStart + 32)),
    size: Number(bytes.readBigUInt64LE(recordStart + 40)),
    offset: Number(bytes.readBigUInt64LE(recordStart + 48)),
  };
}

/** The end record for Python: at the very end without a comment, or else the last signature within the longest comment. */
function pythonEnd(bytes: Buffer): number | undefined {
  const plain = bytes.length - END_BYTES;
  if (plain < 0) return undefined;
  if (bytes.readUInt32LE(plain) === END && bytes.readUInt16LE(plain + 20) === 0) return plain;
  const first = Math.max(0, plain - MAX_COMMENT);
  const at = bytes.subarray(first).lastIndexOf('PK\x05\x06', undefined, 'latin1') + first;
  return at < first || at + END_BYTES > bytes.length ? undefined : at;
}

/** The end record for Go: the last signature in the tail. If its comment is cut off, Go does not look further. */
function goEnd(bytes: Buffer): number | undefined {
  for (const tail of [1024, GO_TAIL]) {
    for (let at = bytes.length - END_BYTES; at >= Math.max(0, bytes.length - tail); at -= 1) {
      if (bytes.readUInt32LE(at) !== END) continue;
      if (at + END_BYTES + bytes.readUInt16LE(at + 20) <= bytes.length) return at;
      break;
    }
  }
  return undefined;
}

/** The entry of a header, with the values of its extra fields. */
function itemOf(header: CentralHeader, reader: ZipReader): ZipItem {
  const isGo = reader === 'go';
  const { bytes, nameStart, nameBytes, versionNeeded } = header;
  if (!isGo && versionNeeded > MAX_PYTHON_VERSION)
    fail('an entry needs a version that is not known');
  const ownName = readName(header, reader);
  let name = isGo ? ownName : untilNul(ownName);
  const { size, compressedSize, localOffset } = header;
  const sizes = { size, compressedSize, localOffset };
  const end = nameStart + nameBytes + header.extraBytes;
  for (let from = nameStart + nameBytes; from + 4 <= end;) {
    const id = bytes.readUInt16LE(from);
    const field = bytes.subarray(from + 4, from + 4 + bytes.readUInt16LE(from + 2));
    from += 4 + bytes.readUInt16LE(from + 2);
    if (from > end) {
      if (isGo) break;
      fail('an extra field is cut off');
    }
    if (id === 1) zip64Sizes(field, sizes);
    if (id === 0x7075 && reader === 'python') name = unicodePath(field, headerName(header)) ?? name;
  }
  return { ...header, ...sizes, name, ownName };
}

function zip64Sizes(
  field: Buffer,
  sizes: { size: number; compressedSize: number; localOffset: number },
): void {
  let from = 0;
  for (const key of ['size', 'compressedSize', 'localOffset'] as const) {
    if (sizes[key] !== ALL_ONES) continue;
    if (from + 8 > field.length) fail('a zip64 field is cut off');
    sizes[key] = Number(field.readBigUInt64LE(from));
    from += 8;
  }
}

function unicodePath(field: Buffer, raw: Buffer): string | undefined {
  if (field.length <= 5 || field[0] !== 1 || field.readUInt32LE(1) !== crc32(raw)) return undefined;
  return untilNul(field.toString('utf8', 5));
}

function readName(header: ZipHeader, reader: ZipReader): string {
  const raw = headerName(header);
  return reader === 'go' || (header.flags & UTF8_FLAG) !== 0 ? raw.toString() : cp437(raw);
}

function zipContent(bytes: Buffer, item: ZipItem, reader: ZipReader): Buffer {
  const isGo = reader === 'go';
  const { localOffset, flags, method, compressedSize, size, crc } = item;
  const local = localHeader(bytes, localOffset, bytes.length);
  if (local === undefined) return fail('a header is not where the directory says');
  if (!isGo && readName(local.header, reader) !== item.ownName)
    fail('the two names of an entry differ');
  if (!isGo && (flags & 0x61) !== 0) fail('an entry is encrypted or patched');
  const end = local.dataStart + compressedSize;
  const packed = bytes.subarray(local.dataStart, end);
  if (packed.length < compressedSize) fail('an entry is cut off');
  const content = unpacked(packed, method, reader);
  const entryBytes = isGo ? content : content.subarray(0, size);
  if (entryBytes.length !== size) fail('an entry is not of the size that is declared');
  const hasDescriptor = (flags & DESCRIPTOR_FLAG) !== 0;
  if ((!isGo || crc !== 0 || hasDescriptor) && crc32(entryBytes) !== crc) fail(WRONG_CHECKSUM);
  if (!isGo || !hasDescriptor) return entryBytes;
  // Go checks nothing else of a descriptor. It has a signature or none.
  if (end + 16 > bytes.length) fail('a data descriptor is cut off');
  if (bytes.readUInt32LE(bytes.readUInt32LE(end) === DESCRIPTOR ? end + 4 : end) !== crc)
    fail(WRONG_CHECKSUM);
  return entryBytes;
}

const WRONG_CHECKSUM = 'the checksum of an entry does not fit';

function unpacked(packed: Buffer, method: number, reader: ZipReader): Buffer {
  if (method === 0) return packed;
  if (reader !== 'go' && (method === 12 || method === 14))
    throw new NotModelled('it is compressed by a method that is not modelled');
  if (method !== 8) fail('an entry is compressed by a method that is not known');
  try {
    return inflateRawSync(packed, {
      maxOutputLength: MAX_VIEW_BYTES,
      finishFlush: constants.Z_SYNC_FLUSH,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') tooLarge();
    fail('the compressed data is damaged');
  }
}

/** The upper half of code page 437, which zips use for names without the UTF-8 flag. */
const UPPER =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

function cp437(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : UPPER[byte - 0x80];
  return text;
}
