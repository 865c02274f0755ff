/** Layout of a zip's end, APPNOTE 4.3. */
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCATOR_BYTES = 20;
const MAX_COMMENT_BYTES = 0x1_0000;

const END = Buffer.from('PK\x05\x06', 'latin1');
const LOCATOR_SIGNATURE = 0x07064b50;
const CENTRAL_SIGNATURE = 0x02014b50;

/** An end record of a zip, in a file that is not a zip. */
export interface StrayEnd {
  readonly offset: number;
  /** Whether it leads to a directory that Python can read. */
  readonly opens: boolean;
}

/**
 * The end record of a zip that Python finds in a file, if there is one. pip first calls `zipfile.is_zipfile` for every file, and up to
 * Python 3.12 an end record is enough for that. Python looks at the last 22 bytes, and then for the last signature in the last
 * 64 KiB.
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
  // Python gives up if the last signature is too near the end for a record.
  return found >= from && found <= last ? found : undefined;
}

/**
 * Whether `zipfile.ZipFile` opens the file. The directory ends where the record begins, and anything may come before it. An empty
 * directory is that of an empty zip.
 */
function opens(bytes: Buffer, end: number): boolean {
  // A zip64 record replaces the sizes here. Its locator does not occur by chance.
  if (end >= LOCATOR_BYTES && bytes.readUInt32LE(end - LOCATOR_BYTES) === LOCATOR_SIGNATURE)
    return true;
  const size = bytes.readUInt32LE(end + 12);
  const from = end - size;
  if (size === 0) return true;
  return from >= 0 && size >= CENTRAL_BYTES && bytes.readUInt32LE(from) === CENTRAL_SIGNATURE;
}
