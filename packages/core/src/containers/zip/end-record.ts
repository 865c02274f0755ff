import type { ReportAnomaly } from '../../finding/anomaly.ts';
import type { Code } from '../../finding/rule-id.ts';
import { MAX_ZIP_COMMENT_BYTES } from '../../limits.ts';
import type { ZipDialect } from './dialect.ts';

/** Layout, APPNOTE 4.3.14 to 4.3.16. */
const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const END64_BYTES = 56;
/** Size that an end record of zip64 gives for itself: its bytes without the first 12. */
const END64_OWN_BYTES = END64_BYTES - 12;

const END_SIGNATURE = 0x06054b50;
const END_SIGNATURE_BYTES = Buffer.from('PK\x05\x06', 'latin1');
/** Signature of the locator of the zip64 end record. Readers look for it right before the end record. */
const LOCATOR_SIGNATURE = 0x07064b50;
const END64_SIGNATURE = 0x06064b50;
/** The longest comment that an end record can have; the search for the record stops there. */
const MAX_COMMENT_BYTES = 0xffff;
/** Value of a field if the record of zip64 has the real value. */
const FULL_16 = 0xffff;
const FULL_32 = 0xffffffff;

export interface EndRecord {
  readonly entries: number;
  readonly centralOffset: number;
  readonly centralEnd: number;
}

/** Reports a problem at an offset in the bytes that are searched. */
type See = (code: Code, offset: number, detail: string) => undefined;
type Bad = (detail: string) => undefined;

/** Bytes at the end of a file in which the end record is looked for, with the records of zip64 before it. */
export const END_SEARCH_BYTES: number = MAX_COMMENT_BYTES + END_BYTES + LOCATOR_BYTES + END64_BYTES;

/**
 * The end record. It must be the only one, end the file, and fit the directory before it exactly. Otherwise the reason is reported,
 * and the result is undefined.
 *
 * @param bytes The file, or its last {@link END_SEARCH_BYTES}, which start at `base`.
 */
export function endRecord(
  bytes: Buffer,
  dialect: ZipDialect,
  report: ReportAnomaly,
  base = 0,
): EndRecord | undefined {
  const see: See = (code, offset, detail) => {
    report({ layer: 'zip', code, offset: base + offset, detail });
    return undefined;
  };
  const at = findEnd(bytes, dialect, see);
  if (at === undefined) return undefined;
  const bad: Bad = (detail) => see('zip-end-record', at, detail);
  const entries = bytes.readUInt16LE(at + 10);
  const centralBytes = bytes.readUInt32LE(at + 12);
  const centralOffset = bytes.readUInt32LE(at + 16);
  const locator = at - LOCATOR_BYTES;
  const located = locator >= 0 && bytes.readUInt32LE(locator) === LOCATOR_SIGNATURE;
  const large = entries === FULL_16 || centralBytes === FULL_32 || centralOffset === FULL_32;
  if (located || large) {
    if (!dialect.plain) return located ? zip64End(bytes, { at, base, bad }) : bad(NO_LOCATOR);
    return see('zip-unsupported', at, 'it is a zip64 archive');
  }
  if (bytes.readUInt32LE(at + 4) !== 0) return bad('it speaks of several disks');
  if (bytes.readUInt16LE(at + 8) !== entries) return bad('it counts entries in two ways');
  if (centralOffset + centralBytes !== base + at)
    return bad('the central directory does not lie where it says');
  return { entries, centralOffset, centralEnd: base + at };
}

const NO_LOCATOR = 'it refers to a zip64 record, and none is before it';

/** Some readers use the record of zip64 whenever its locator is there, others only for values that are full in the end record. */
function zip64End(
  bytes: Buffer,
  { at, base, bad }: { at: number; base: number; bad: Bad },
): EndRecord | undefined {
  const locator = at - LOCATOR_BYTES;
  const record = locator - END64_BYTES;
  if (
    bytes.readUInt32LE(locator + 4) !== 0 ||
    bytes.readUInt32LE(locator + 16) > 1 ||
    bytes.readUInt32LE(at + 4) !== 0
  )
    return bad('it speaks of several disks');
  if (
    record < 0 ||
    big(bytes, locator + 8) !== base + record ||
    bytes.readUInt32LE(record) !== END64_SIGNATURE ||
    big(bytes, record + 4) !== END64_OWN_BYTES
  )
    return bad('the zip64 record is not right before its locator, or is longer than it has to be');
  if (bytes.readUInt32LE(record + 16) !== 0 || bytes.readUInt32LE(record + 20) !== 0)
    return bad('the zip64 record speaks of several disks');
  const entries = big(bytes, record + 32);
  const centralBytes = big(bytes, record + 40);
  const centralOffset = big(bytes, record + 48);
  const agrees = (value: number, full: number, exact: number): boolean =>
    value === full || value === exact;
  if (
    big(bytes, record + 24) !== entries ||
    !agrees(bytes.readUInt16LE(at + 8), FULL_16, entries) ||
    !agrees(bytes.readUInt16LE(at + 10), FULL_16, entries) ||
    !agrees(bytes.readUInt32LE(at + 12), FULL_32, centralBytes) ||
    !agrees(bytes.readUInt32LE(at + 16), FULL_32, centralOffset)
  )
    return bad('it says something else than the zip64 record before it');
  if (centralOffset + centralBytes !== base + record)
    return bad('the central directory does not lie where the zip64 record says');
  return { entries, centralOffset, centralEnd: base + record };
}

/** A number of 64 bits. Past 2^53 it is not exact, but then it fits no file anyway. */
export function big(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
}

function findEnd(bytes: Buffer, dialect: ZipDialect, see: See): number | undefined {
  const last = bytes.length - END_BYTES;
  for (let at = last; at >= 0 && at >= last - MAX_COMMENT_BYTES; at--) {
    if (bytes.readUInt32LE(at) !== END_SIGNATURE) continue;
    const commentBytes = bytes.readUInt16LE(at + 20);
    const after = at + END_BYTES + commentBytes;
    if (after < bytes.length)
      return see('zip-trailing-bytes', after, `${bytes.length - after} bytes`);
    if (commentBytes === 0) return at;
    const fault = commentFault(bytes, at, dialect);
    if (fault !== undefined) return see('zip-end-record', at, fault);
    see('zip-comment', at + END_BYTES, `${commentBytes} bytes`);
    return at;
  }
  return see('zip-end-record', bytes.length, 'there is none');
}

function commentFault(bytes: Buffer, at: number, dialect: ZipDialect): string | undefined {
  if (dialect.plain) return 'it has a comment';
  const commentBytes = bytes.readUInt16LE(at + 20);
  if (at + END_BYTES + commentBytes > bytes.length) return 'its comment is longer than the file';
  // Readers search from the end, and take the first record that they find.
  if (bytes.includes(END_SIGNATURE_BYTES, at + 1)) return 'another one is in it, or in its comment';
  // libarchive looks only at the last 16 KiB.
  return commentBytes > MAX_ZIP_COMMENT_BYTES
    ? `its comment has more than ${MAX_ZIP_COMMENT_BYTES} bytes, and some readers search no further`
    : undefined;
}
