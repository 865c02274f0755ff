import { crc32 } from 'node:zlib';
import { MAX_EXTRA_FIELDS } from '../../limits.ts';
import { big } from './end-record.ts';
import { headerName, type ZipHeader } from './directory.ts';
import type { ReportEntry } from './sink.ts';

/** Ids of extra fields, APPNOTE 4.5.2 and 4.6. */
const ZIP64 = 0x0001;
const UNICODE_PATH = 0x7075;
/** Fields with times, owners, padding or a comment, which do not change the entry. */
const HARMLESS: ReadonlySet<number> = new Set([
  ZIP64,
  0x000a, // times of NTFS
  0x4453, // permissions of Windows ("SD")
  0x5455, // times ("UT")
  0x5855, // times and owners of Unix, old ("UX")
  0x7855, // owners of Unix ("Ux")
  0x7875, // owners of Unix ("ux")
  0x6375, // comment in UTF-8
  0xa220, // Microsoft's padding for later growth
  0xcafe, // the mark of a JAR
]);
/** With these fields, some reader makes a link, a device or another type from the entry, or cannot read it. */
const HARMFUL: ReadonlyMap<number, string> = new Map([
  [0x000d, 'a link or a device of Unix'],
  [0x756e, 'a link, a device or a mode of Unix'],
  [0x6c78, 'other attributes than those of the directory'],
  [0x0014, 'certificates'],
  [0x0015, 'a signature'],
  [0x0016, 'a signature'],
  [0x0017, 'strong encryption'],
  [0x0018, 'encryption'],
  [0x0019, 'encryption'],
  [0x9901, 'encryption'],
]);

const FULL = 0xffffffff;
const UNICODE_PATH_VERSION = 1;
/** Version and CRC before the name. */
const UNICODE_PATH_HEAD = 5;

/** The real sizes and offset. They come from a zip64 field if the values in the header are full. */
export interface LargeValues {
  readonly zip64: boolean;
  readonly size: number;
  readonly compressedSize: number;
  readonly localOffset: number;
}

type Bad = (detail: string) => undefined;

interface Field {
  readonly id: number;
  readonly start: number;
  readonly bytes: number;
}

/**
 * Reports the extra fields of one header that disagree with it, or that change an entry for some readers.
 *
 * @param header Without `localOffset` for a header before the data, for which no reader takes the offset from an extra field.
 * @param to `headerLabel`: the header, in words.
 * @returns Undefined if a zip64 field is missing or wrong.
 */
export function readExtraFields(
  header: ZipHeader & { readonly localOffset?: number },
  to: { readonly headerLabel: string; readonly report: ReportEntry },
): LargeValues | undefined {
  const bad: Bad = (detail) => {
    to.report('zip-extra-field', `${detail}, in the header ${to.headerLabel}`);
    return undefined;
  };
  const { bytes } = header;
  let large: Field | undefined;
  let unknown: number | undefined;
  const seenIds = new Set<number>();
  const end = header.nameStart + header.nameBytes + header.extraBytes;
  let at = header.nameStart + header.nameBytes;
  for (; at + 4 <= end;) {
    const field = { id: bytes.readUInt16LE(at), start: at + 4, bytes: bytes.readUInt16LE(at + 2) };
    at = field.start + field.bytes;
    if (at > end) break;
    if (seenIds.size >= MAX_EXTRA_FIELDS)
      return bad(`there are more than ${MAX_EXTRA_FIELDS} extra fields`);
    if (seenIds.has(field.id)) return bad(`${fieldLabel(field.id)} is there twice`);
    seenIds.add(field.id);
    if (field.id === ZIP64) large ??= field;
    else if (field.id === UNICODE_PATH) checkUnicodePath(header, field, bad);
    else if (HARMFUL.has(field.id))
      bad(`${fieldLabel(field.id)} stands for ${HARMFUL.get(field.id)}`);
    else if (!HARMLESS.has(field.id)) unknown ??= field.id;
  }
  if (unknown !== undefined)
    to.report('zip-unknown-extra-field', `${fieldLabel(unknown)}, in the header ${to.headerLabel}`);
  if (at !== end) bad('the extra fields do not end where they should');
  // A header without the offset comes before the data, and its field has both sizes (APPNOTE 4.5.3).
  if (large?.bytes === 8 && header.localOffset === undefined)
    to.report('zip-single-size', `in the header ${to.headerLabel}`);
  return largeValues(header, large, bad);
}

function fieldLabel(id: number): string {
  return `extra field 0x${id.toString(16).padStart(4, '0')}`;
}

// Some readers take the name in the field, some the name in the header, and some the one in the field only if its CRC is right.
function checkUnicodePath(header: ZipHeader, field: Field, bad: Bad): void {
  const { bytes } = header;
  const name = headerName(header);
  const { start } = field;
  const sound =
    field.bytes >= UNICODE_PATH_HEAD &&
    bytes[start] === UNICODE_PATH_VERSION &&
    bytes.readUInt32LE(start + 1) === crc32(name) &&
    bytes.subarray(start + UNICODE_PATH_HEAD, start + field.bytes).equals(name);
  if (!sound) bad('the Unicode path is not the name');
}

/**
 * Most readers take one number after the other for each full value; some expect each number at a fixed place. If the field has
 * more numbers, both ways have to give the same values.
 */
function largeValues(
  header: ZipHeader & { readonly localOffset?: number },
  field: Field | undefined,
  bad: Bad,
): LargeValues | undefined {
  const { size, compressedSize, localOffset = 0 } = header;
  const plain = [size, compressedSize, ...(header.localOffset === undefined ? [] : [localOffset])];
  const full = plain.filter((value) => value === FULL).length;
  if (field === undefined) {
    if (full === 0) return { zip64: false, size, compressedSize, localOffset };
    return bad('a size of zip64 is not there');
  }
  const count = Math.floor(field.bytes / 8);
  const numbers = Array.from({ length: Math.min(count, 3) }, (_, index) =>
    big(header.bytes, field.start + 8 * index),
  );
  let nextNumber = 0;
  const values = plain.map((value) => (value === FULL ? numbers[nextNumber++] : value));
  const agree = (): boolean => numbers.every((number, at) => number === (values[at] ?? number));
  const sound = field.bytes === 8 * full || (LENGTHS.has(field.bytes) && agree());
  const [whole, compressed, offset = 0] = values;
  if (whole === undefined || compressed === undefined || full > numbers.length || !sound)
    return bad('the sizes of zip64 can be read in two ways');
  return { zip64: true, size: whole, compressedSize: compressed, localOffset: offset };
}

/** Lengths of a field with sizes, an offset, and the number of a disk. */
const LENGTHS: ReadonlySet<number> = new Set([0, 16, 24, 28]);
