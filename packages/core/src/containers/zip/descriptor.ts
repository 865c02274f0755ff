import type { ZipHeader } from './directory.ts';
import { big } from './end-record.ts';

const SIGNATURE = 0x08074b50;

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
  const number = wide ? big : (from: Buffer, where: number): number => from.readUInt32LE(where);
  const says = (from: number): boolean =>
    from + length <= end &&
    bytes.readUInt32LE(from) === central.crc &&
    number(bytes, from + 4) === central.compressedSize &&
    number(bytes, from + 4 + width) === central.size;
  if (at + 4 <= end && bytes.readUInt32LE(at) === SIGNATURE && says(at + 4))
    return { bytes: 4 + length, signed: true };
  return says(at) ? { bytes: length, signed: false } : undefined;
}
