import zlib from 'node:zlib';
import {
  MAX_GZIP_HEADER_BYTES,
  type Limits,
  GZIP_RECORD_BYTES,
  RATIO_FLOOR_BYTES,
} from '../../limits.ts';
import type { Anomaly } from '../../finding/anomaly.ts';
import type { Code } from '../../finding/rule-id.ts';
import { inflateRaw } from './inflate.ts';

/** FLG bits of a gzip member (RFC 1952, 2.3.1). */
const FTEXT = 1;
const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;
const RESERVED = 0xe0;

interface GzipHeader {
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

const TRAILER_BYTES = 8;

interface GunzipSink {
  /** Receives the next unpacked bytes, which are valid only during the call. Returns `false` if it wants no more. */
  piece(piece: Buffer): boolean;
  anomaly(anomaly: Anomaly): void;
}

type Report = (code: Code, offset: number, detail: string) => void;

interface Gunzipped {
  readonly unpackedBytes: number;
  /** Whether the deflate stream was read to its end, so that the sink received everything. */
  readonly complete: boolean;
}

/**
 * Unpacks a file of exactly one gzip member (RFC 1952), piece by piece. It reports a second member, bytes after the end that are
 * not the zeros of a record, and a wrong checksum or length. It repairs nothing. The decoder and the size of its input pieces only
 * affect how much of a damaged stream the sink receives before the damage is reported.
 */
export function gunzip(
  bytes: Uint8Array,
  sink: GunzipSink,
  limits: Limits,
  decoder: { readonly pieceBytes?: number | undefined; readonly inflate?: typeof inflateRaw } = {},
): Gunzipped {
  const report: Report = (code, offset, detail) =>
    sink.anomaly({ layer: 'gzip', code, offset, detail });
  const header = gzipHeader(bytes);
  if (header.unusual.length > 0)
    report('gzip-header', 0, `the header has ${header.unusual.join(', ')}`);
  if (header.optional.length > 0)
    report('gzip-optional-header', 0, `the header has ${header.optional.join(', ')}`);
  if (header.end < 0) {
    report('gzip-truncated', 0, 'the file ends inside the gzip header');
    return { unpackedBytes: 0, complete: false };
  }

  let crc = 0;
  let unpackedBytes = 0;
  let isWanted = true;
  // The ratio is measured against the whole file, so that the verdict does not depend on the pieces in which it is read.
  const dense = Math.max(RATIO_FLOOR_BYTES, limits.ratio * bytes.length);
  const cap = Math.min(limits.unpackedBytes, dense);
  const take = (piece: Buffer): boolean => {
    const within = unpackedBytes + piece.length <= cap;
    const part = within ? piece : piece.subarray(0, cap - unpackedBytes);
    crc = zlib.crc32(part, crc);
    unpackedBytes += part.length;
    // Reading goes on after the sink wants no more, so that errors in the compression are reported as well.
    isWanted &&= sink.piece(part);
    return within;
  };
  const { inflate = inflateRaw, pieceBytes } = decoder;
  const { outcome, consumed } = inflate(bytes, header.end, take, { maxBytes: cap, pieceBytes });
  const end = header.end + consumed;
  switch (outcome) {
    case 'stopped':
    case 'oversized':
      if (cap === limits.unpackedBytes)
        report('unpacked-size-limit', 0, `more than ${cap} bytes unpacked`);
      else {
        const detail = `more than ${limits.ratio} bytes unpacked per compressed byte`;
        report('compression-ratio-limit', 0, detail);
      }
      break;
    case 'corrupt':
      report('gzip-corrupt', end, 'the compressed data is not valid deflate');
      break;
    case 'short':
      report('gzip-truncated', bytes.length, 'the file ends inside the compressed data');
      break;
    case 'end':
      checkTrailer(bytes, end, { crc, unpackedBytes }, report);
      break;
  }
  return { unpackedBytes, complete: outcome === 'end' };
}

function checkTrailer(
  bytes: Uint8Array,
  at: number,
  actual: { crc: number; unpackedBytes: number },
  report: Report,
): void {
  const end = at + TRAILER_BYTES;
  if (end > bytes.length) {
    report('gzip-truncated', bytes.length, 'the file ends inside the gzip trailer');
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, TRAILER_BYTES);
  if (view.getUint32(0, true) !== actual.crc >>> 0)
    report('gzip-checksum', at, 'the CRC-32 does not fit the unpacked bytes');
  const length = view.getUint32(4, true);
  if (length !== actual.unpackedBytes % 2 ** 32) {
    const detail = `the trailer says ${length} unpacked bytes, there are ${actual.unpackedBytes}`;
    report('gzip-length', at + 4, detail);
  }
  if (end === bytes.length) return;
  const trailingBytes = bytes.subarray(end);
  if (isGzip(trailingBytes))
    report('gzip-second-member', end, `${trailingBytes.length} bytes, still compressed`);
  // Old tars filled the last record with zeros after the compressed data.
  else if (trailingBytes.length >= GZIP_RECORD_BYTES || trailingBytes.some((byte) => byte !== 0))
    report(
      'gzip-trailing-bytes',
      end,
      `${trailingBytes.length} bytes follow the end of the gzip member`,
    );
}
