/** Reads zips as Python's zipfile and Go's archive/zip do: by the directory at the end, whatever else is in the file. */
import { constants, crc32, inflateRawSync } from 'node:zlib';
import { MAX_VIEW_BYTES, MAX_VIEW_ENTRIES } from '../../limits.ts';
import { ClientError, fail, NotModelled, tooLarge } from './disk.ts';

/** Python 3.11 ignores the Unicode path of an extra field, and 3.13 believes it. */
export type ZipReader = 'python' | 'python-3.11' | 'go';

export interface ZipItem {
  readonly name: string;
  /** As the directory spells it, before a Unicode path of an extra field. */
  readonly ownName: string;
  /** Unix type and permissions. 0 if the directory has none. */
  readonly mode: number;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Offset of its header before the data. */
  readonly at: number;
}

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const END64_BYTES = 56;
const LOCATOR64_BYTES = 20;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT = 0xffff;
const ALL_ONES = 0xffffffff;
const UTF8_FLAG = 0x800;
const DESCRIPTOR_FLAG = 8;
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

/** The entries of the directory, in order. Throws if the reader fails. */
export function zipItems(bytes: Buffer, reader: ZipReader): ZipItem[] {
  const end = endRecord(bytes, reader);
  if (end === undefined) fail('it is not a zip');
  let before = end.at - end.size - end.offset;
  if (before + end.offset < 0) fail('its directory does not fit into the file');
  if (reader === 'go' && before > 0 && isCentral(bytes, end.offset)) before = 0;
  const items: ZipItem[] = [];
  const from = before + end.offset;
  const until = reader !== 'go' ? from + end.size : bytes.length;
  let at = from;
  while (at < until && items.length <= MAX_VIEW_ENTRIES) {
    if (!isCentral(bytes, at)) {
      if (reader === 'go') break;
      fail('its directory is damaged');
    }
    const { item, next } = centralItem(bytes, at, reader);
    items.push({ ...item, at: item.at + before });
    at = next;
  }
  if (items.length > MAX_VIEW_ENTRIES)
    throw new NotModelled('it has more entries than are modelled');
  if (reader === 'go' && items.length % 0x10000 !== end.records % 0x10000)
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
  const named = Number(bytes.readBigUInt64LE(locator + 8));
  const place = [named, locator - END64_BYTES].find(
    (start) =>
      start >= 0 && start + END64_BYTES <= bytes.length && bytes.readUInt32LE(start) === END64,
  );
  if (place === undefined) fail('its zip64 end record is not there');
  return {
    at: place,
    records: Number(bytes.readBigUInt64LE(place + 32)),
    size: Number(bytes.readBigUInt64LE(place + 40)),
    offset: Number(bytes.readBigUInt64LE(place + 48)),
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

function centralItem(
  bytes: Buffer,
  at: number,
  reader: ZipReader,
): { item: ZipItem; next: number } {
  const flags = bytes.readUInt16LE(at + 8);
  const nameEnd = at + CENTRAL_BYTES + bytes.readUInt16LE(at + 28);
  const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
  const next = extraEnd + bytes.readUInt16LE(at + 32);
  if (next > bytes.length) fail('its directory is cut off');
  if (reader !== 'go' && bytes.readUInt16LE(at + 6) > MAX_PYTHON_VERSION)
    fail('an entry needs a version that is not known');
  const raw = bytes.subarray(at + CENTRAL_BYTES, nameEnd);
  const ownName = readName(raw, flags, reader);
  const sizes = {
    size: bytes.readUInt32LE(at + 24),
    compressedSize: bytes.readUInt32LE(at + 20),
    at: bytes.readUInt32LE(at + 42),
  };
  let name = reader !== 'go' ? (ownName.split('\0', 1)[0] ?? '') : ownName;
  for (let from = nameEnd; from + 4 <= extraEnd;) {
    const id = bytes.readUInt16LE(from);
    const field = bytes.subarray(from + 4, from + 4 + bytes.readUInt16LE(from + 2));
    from += 4 + bytes.readUInt16LE(from + 2);
    if (from > extraEnd) {
      if (reader !== 'go') fail('an extra field is cut off');
      break;
    }
    if (id === 1) zip64Sizes(field, sizes);
    if (id === 0x7075 && reader === 'python') name = unicodePath(field, raw) ?? name;
  }
  return {
    item: {
      name,
      ownName,
      mode: bytes.readUInt16LE(at + 40),
      flags,
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      ...sizes,
    },
    next,
  };
}

function zip64Sizes(
  field: Buffer,
  sizes: { size: number; compressedSize: number; at: number },
): void {
  let from = 0;
  for (const key of ['size', 'compressedSize', 'at'] as const) {
    if (sizes[key] !== ALL_ONES) continue;
    if (from + 8 > field.length) fail('a zip64 field is cut off');
    sizes[key] = Number(field.readBigUInt64LE(from));
    from += 8;
  }
}

function unicodePath(field: Buffer, raw: Buffer): string | undefined {
  if (field.length <= 5 || field[0] !== 1 || field.readUInt32LE(1) !== crc32(raw)) return undefined;
  return field.toString('utf8', 5).split('\0', 1)[0];
}

function readName(raw: Buffer, flags: number, reader: ZipReader): string {
  return reader === 'go' || (flags & UTF8_FLAG) !== 0 ? raw.toString() : cp437(raw);
}

/** The content of one entry. Throws if the reader fails. */
export function zipContent(bytes: Buffer, item: ZipItem, reader: ZipReader): Buffer {
  const { at, flags, method, compressedSize, size } = item;
  if (at + LOCAL_BYTES > bytes.length || bytes.readUInt32LE(at) !== LOCAL)
    fail('a header is not where the directory says');
  const nameEnd = at + LOCAL_BYTES + bytes.readUInt16LE(at + 26);
  if (reader !== 'go') {
    const own = readName(
      bytes.subarray(at + LOCAL_BYTES, nameEnd),
      bytes.readUInt16LE(at + 6),
      reader,
    );
    if (own !== item.ownName) fail('the two names of an entry differ');
    if ((flags & 0x61) !== 0) fail('an entry is encrypted or patched');
  }
  const from = nameEnd + bytes.readUInt16LE(at + 28);
  const packed = bytes.subarray(from, from + compressedSize);
  if (packed.length < compressedSize) fail('an entry is cut off');
  const content = unpacked(packed, method, reader);
  const shown = reader !== 'go' ? content.subarray(0, size) : content;
  if (shown.length !== size) fail('an entry is not of the size that is declared');
  const isUnchecked = reader === 'go' && item.crc === 0 && (flags & DESCRIPTOR_FLAG) === 0;
  if (!isUnchecked && crc32(shown) !== item.crc) fail('the checksum of an entry does not fit');
  if (reader === 'go' && (flags & DESCRIPTOR_FLAG) !== 0)
    checkDescriptor(bytes, from + compressedSize, item.crc);
  return shown;
}

function unpacked(packed: Buffer, method: number, reader: ZipReader): Buffer {
  if (method === 0) return packed;
  if (method === 12 || method === 14) {
    if (reader !== 'go') throw new NotModelled('it is compressed by a method that is not modelled');
  }
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

/** Checks a descriptor as Go does: only the checksum, after a signature or without one. */
function checkDescriptor(bytes: Buffer, at: number, crc: number): void {
  if (at + 16 > bytes.length) fail('a data descriptor is cut off');
  const from = bytes.readUInt32LE(at) === DESCRIPTOR ? at + 4 : at;
  if (bytes.readUInt32LE(from) !== crc) fail('the checksum of an entry does not fit');
}

/** The upper half of code page 437, which zips use for names without the UTF-8 flag. */
const UPPER =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

function cp437(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : UPPER[byte - 0x80];
  return text;
}
