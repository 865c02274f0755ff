import { MAX_GZIP_HEADER_BYTES } from '../../limits.ts';

/** FLG bits of a gzip member (RFC 1952, 2.3.1). */
const FTEXT = 1;
const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;
const RESERVED = 0xe0;

export interface GzipHeader {
  /** Offset of the first byte of deflate data, or -1 where the header can't be read to its end. */
  readonly end: number;
  /** Fields that decompressors treat differently. Empty if all of them read the header alike. */
  readonly unusual: readonly string[];
  /** Fields that are valid and harmless, but that no registry client writes. */
  readonly optional: readonly string[];
}

/** Whether `bytes` starts as a gzip member does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 3 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Reads the header of the gzip member that starts at 0. */
export function gzipHeader(bytes: Uint8Array): GzipHeader {
  const unusual: string[] = [];
  const optional: string[] = [];
  if (bytes.length < 10) return { end: -1, unusual, optional };
  if (bytes[2] !== 8) unusual.push(`compression method ${bytes[2]}`);
  const flags = bytes[3]!;
  if ((flags & RESERVED) !== 0) unusual.push('reserved flags');
  if ((flags & FHCRC) !== 0) unusual.push('a header checksum');
  if ((flags & FTEXT) !== 0) optional.push('a text flag');
  let end = 10;
  if ((flags & FEXTRA) !== 0) {
    unusual.push('an extra field');
    if (end + 2 > bytes.length) return { end: -1, unusual, optional };
    end += 2 + bytes[end]! + bytes[end + 1]! * 256;
  }
  for (const [flag, name] of [
    [FNAME, 'a file name'],
    [FCOMMENT, 'a comment'],
  ] as const) {
    if ((flags & flag) === 0) continue;
    optional.push(name);
    const stop = Math.min(bytes.length, MAX_GZIP_HEADER_BYTES);
    while (end < stop && bytes[end] !== 0) end++;
    if (end >= stop) return { end: -1, unusual, optional };
    end++;
  }
  if ((flags & FHCRC) !== 0) end += 2;
  return { end: end < bytes.length ? end : -1, unusual, optional };
}
