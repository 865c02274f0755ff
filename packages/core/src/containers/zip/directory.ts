import type { ReportAnomaly } from '../../finding/anomaly.ts';
import { big, type EndRecord } from './end-record.ts';

/** Layout of the headers, APPNOTE 4.3: bytes before the name. */
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
/** Start of the fields that both headers have, and their length. The lengths of the name and the extra fields come last. */
const CENTRAL_FIELDS = 6;
const LOCAL_FIELDS = 4;
const COMMON_BYTES = 26;
/** Bytes of the largest header before the data, with its name and its extra fields. */
export const MAX_LOCAL_BYTES: number = LOCAL_BYTES + 2 * 0xffff;

const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;

/** Fields that a header of the central directory and the one before the data have in common. */
export interface ZipHeader {
  readonly versionNeeded: number;
  readonly flags: number;
  readonly method: number;
  readonly time: number;
  readonly date: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** The bytes that contain the header. */
  readonly bytes: Buffer;
  /** Start of the name in `bytes`. */
  readonly nameStart: number;
  readonly nameBytes: number;
  readonly extraBytes: number;
}

/** An entry of the central directory. */
export interface CentralHeader extends ZipHeader {
  /** Start of this header in `bytes`. */
  readonly at: number;
  /** The name has no byte past ASCII. */
  readonly asciiName: boolean;
  /** 3 is Unix. */
  readonly madeBy: number;
  readonly commentBytes: number;
  readonly diskStart: number;
  /** Bit 0: the content is text. */
  readonly internalAttributes: number;
  /** Attributes of MS-DOS: 0x10 is a folder. */
  readonly dosAttributes: number;
  /** Unix type and permissions. */
  readonly mode: number;
  /** Offset of the header before the data. */
  readonly localOffset: number;
}

/**
 * Headers of the central directory, in order. At the first header that cannot be read, it reports that and ends.
 *
 * @param base Offset of `bytes` in the file.
 */
export function* centralHeaders(
  bytes: Buffer,
  end: EndRecord,
  report: ReportAnomaly,
  base = 0,
): Generator<CentralHeader> {
  let at = end.centralOffset - base;
  const centralEnd = end.centralEnd - base;
  for (let index = 0; index < end.entries; index++) {
    const header = centralHeader(bytes, at, centralEnd);
    if (header === undefined) {
      const detail = `it counts ${end.entries} entries, and header ${index} is not in the directory`;
      return report({ layer: 'zip', code: 'zip-end-record', offset: base + at, detail });
    }
    yield header;
    at += CENTRAL_BYTES + header.nameBytes + header.extraBytes + header.commentBytes;
  }
  if (at !== centralEnd) {
    const detail = `it counts ${end.entries} entries, and the directory goes on after them`;
    report({ layer: 'zip', code: 'zip-end-record', offset: base + at, detail });
  }
}

/** The header of the central directory at `at`. Undefined if there is no whole header before `end`. */
export function centralHeader(bytes: Buffer, at: number, end: number): CentralHeader | undefined {
  if (at + CENTRAL_BYTES > end || bytes.readUInt32LE(at) !== CENTRAL_SIGNATURE) return undefined;
  const nameStart = at + CENTRAL_BYTES;
  const nameBytes = bytes.readUInt16LE(at + 28);
  const extraBytes = bytes.readUInt16LE(at + 30);
  const commentBytes = bytes.readUInt16LE(at + 32);
  const nameEnd = nameStart + nameBytes;
  if (nameEnd + extraBytes + commentBytes > end) return undefined;
  // The fields are written out, because spreading another object takes ten times as long.
  return {
    at,
    madeBy: bytes[at + 5]!,
    versionNeeded: bytes.readUInt16LE(at + 6),
    flags: bytes.readUInt16LE(at + 8),
    method: bytes.readUInt16LE(at + 10),
    time: bytes.readUInt16LE(at + 12),
    date: bytes.readUInt16LE(at + 14),
    crc: bytes.readUInt32LE(at + 16),
    compressedSize: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24),
    bytes,
    nameStart,
    nameBytes,
    asciiName: isAscii(bytes, nameStart, nameEnd),
    extraBytes,
    commentBytes,
    diskStart: bytes.readUInt16LE(at + 34),
    internalAttributes: bytes.readUInt16LE(at + 36),
    dosAttributes: bytes.readUInt16LE(at + 38),
    mode: bytes.readUInt16LE(at + 40),
    localOffset: bytes.readUInt32LE(at + 42),
  };
}

/** The bytes of the name in a header: a view, not a copy. */
export function headerName({ bytes, nameStart, nameBytes }: ZipHeader): Buffer {
  return bytes.subarray(nameStart, nameStart + nameBytes);
}

function isAscii(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at]! >= 0x80) return false;
  return true;
}

/** Whether a whole header is at `at`, before the data and before `end`. */
function hasLocalHeader(bytes: Buffer, at: number, end: number): boolean {
  return at + LOCAL_BYTES <= end && bytes.readUInt32LE(at) === LOCAL_SIGNATURE;
}

/** The header before the data, and the start of the data. Undefined if there is no whole header before `end`. */
export function localHeader(
  bytes: Buffer,
  at: number,
  end: number,
): { header: ZipHeader; dataStart: number } | undefined {
  if (!hasLocalHeader(bytes, at, end)) return undefined;
  const header = {
    versionNeeded: bytes.readUInt16LE(at + 4),
    flags: bytes.readUInt16LE(at + 6),
    method: bytes.readUInt16LE(at + 8),
    time: bytes.readUInt16LE(at + 10),
    date: bytes.readUInt16LE(at + 12),
    crc: bytes.readUInt32LE(at + 14),
    compressedSize: bytes.readUInt32LE(at + 18),
    size: bytes.readUInt32LE(at + 22),
    bytes,
    nameStart: at + LOCAL_BYTES,
    nameBytes: bytes.readUInt16LE(at + 26),
    extraBytes: bytes.readUInt16LE(at + 28),
  };
  return { header, dataStart: header.nameStart + header.nameBytes + header.extraBytes };
}

/**
 * The start of the data, if the header before the data at `local` has the same bytes as the one in the directory, and no extra fields.
 * This is the usual case. Undefined otherwise: then use {@link localHeader}.
 */
export function agreedDataStart(
  { bytes: directory, at, nameStart, nameBytes, extraBytes }: CentralHeader,
  bytes: Buffer,
  local: number,
  end: number,
): number | undefined {
  if (extraBytes > 0 || !hasLocalHeader(bytes, local, end)) return undefined;
  const from = local + LOCAL_FIELDS;
  const fields = at + CENTRAL_FIELDS;
  const name = local + LOCAL_BYTES;
  const dataStart = name + nameBytes;
  // Compare in place: views of both ranges would make an archive of many small files a sixth slower.
  return bytes.compare(directory, fields, fields + COMMON_BYTES, from, from + COMMON_BYTES) === 0 &&
    bytes.compare(directory, nameStart, nameStart + nameBytes, name, dataStart) === 0
    ? dataStart
    : undefined;
}

const DESCRIPTOR_SIGNATURE = 0x08074b50;

/** A signature, a CRC, and two sizes of 64 bits. */
export const MAX_DESCRIPTOR_BYTES = 24;

export interface Descriptor {
  readonly bytes: number;
  readonly signed: boolean;
}

/**
 * The descriptor at `at`, after the data (APPNOTE 4.3.9). Its signature is optional, and its sizes have 64 bits if a zip64 field is
 * before the data. Undefined if its values differ from those in the directory.
 */
export function descriptor(
  bytes: Buffer,
  at: number,
  entry: { readonly central: ZipHeader; readonly wide: boolean; readonly end: number },
): Descriptor | undefined {
  const { central, wide, end } = entry;
  const width = wide ? 8 : 4;
  const length = 4 + 2 * width;
  const number = wide ? big : (from: Buffer, offset: number): number => from.readUInt32LE(offset);
  const matchesDirectory = (from: number): boolean =>
    from + length <= end &&
    bytes.readUInt32LE(from) === central.crc &&
    number(bytes, from + 4) === central.compressedSize &&
    number(bytes, from + 4 + width) === central.size;
  if (at + 4 <= end && bytes.readUInt32LE(at) === DESCRIPTOR_SIGNATURE && matchesDirectory(at + 4))
    return { bytes: 4 + length, signed: true };
  return matchesDirectory(at) ? { bytes: length, signed: false } : undefined;
}
