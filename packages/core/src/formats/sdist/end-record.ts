/** Layout of a zip's end, APPNOTE 4.3. */
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCATOR_BYTES = 20;
const MAX_COMMENT_BYTES = 0x1_0000;

const END = Buffer.from('PK\x05\x06', 'latin1');
const LOCATOR_SIGNATURE = 0x07064b50;
const CENTRAL_SIGNATURE = 0x02014b50;

/** An end record of a zip, in a file that is not one. */
export interface StrayEnd {
  readonly offset: number;
  /** What it leads to: a directory that Python reads, or nothing that it could. */
  readonly opens: boolean;
}

/**
 * The end record that Python finds in a file, where it finds one: `zipfile.is_zipfile` of 3.12 and earlier asks for no more, and
 * pip asks that of every file first, whatever its name. Python looks at the last 22 bytes, and then for the last signature in
 * the last 64 KiB.
 */
export function strayEnd(bytes: Buffer): StrayEnd | undefined {
  const last = bytes.length - END_BYTES;
  if (last < 0) return undefined;
  const offset = isEnd(bytes, last) ? last : searched(bytes, last);
  return offset === undefined ? undefined : { offset, opens: opens(bytes, offset) };
}

function isEnd(bytes: Buffer, at: number): boolean {
  return bytes.subarray(at, at + 4).equals(END) && bytes.readUInt16LE(at + 20) === 0;
}

function searched(bytes: Buffer, last: number): number | undefined {
  const from = Math.max(last - MAX_COMMENT_BYTES, 0);
  const found = from + bytes.subarray(from).lastIndexOf(END);
  // Python gives up where the last signature is too near the end for a record.
  return found >= from && found <= last ? found : undefined;
}

/**
 * Whether `zipfile.ZipFile` opens it: the directory ends where the record begins, so what is before it may be anything.
 * A directory of no bytes is that of an empty zip.
 */
function opens(bytes: Buffer, end: number): boolean {
  // What a zip64 record says replaces the sizes here; no chance makes a locator.
  if (end >= LOCATOR_BYTES && bytes.readUInt32LE(end - LOCATOR_BYTES) === LOCATOR_SIGNATURE)
    return true;
  const size = bytes.readUInt32LE(end + 12);
  const from = end - size;
  if (size === 0) return true;
  return from >= 0 && size >= CENTRAL_BYTES && bytes.readUInt32LE(from) === CENTRAL_SIGNATURE;
}
