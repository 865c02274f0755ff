import zlib from 'node:zlib';

import type { Anomaly, AnomalyCode } from '../archive/anomaly.ts';
import type { Limits } from '../limits.ts';
import { RATIO_FLOOR_BYTES } from '../limits.ts';
import { gzipHeader, isGzip } from './gzip-header.ts';
import { inflateRaw } from './inflate.ts';

const TRAILER_BYTES = 8;

export interface GunzipSink {
  /** The next piece of the unpacked bytes, valid only during the call. `false`: no more is wanted. */
  piece(piece: Buffer): boolean;
  anomaly(anomaly: Anomaly): void;
}

export interface Gunzipped {
  readonly unpackedBytes: number;
  /** Whether the deflate stream was read to its end, so that what was handed on is everything. */
  readonly complete: boolean;
}

/**
 * Unpacks a file of exactly one gzip member (RFC 1952), piece by piece. A second member, bytes after the end,
 * a checksum or a length that does not fit: each is told, none is repaired.
 */
export function gunzip(
  bytes: Uint8Array,
  sink: GunzipSink,
  limits: Limits,
  inputPieceBytes?: number,
): Gunzipped {
  const tell = (code: AnomalyCode, offset: number, detail: string): void =>
    sink.anomaly({ code, offset, detail });
  const header = gzipHeader(bytes);
  if (header.unusual.length > 0)
    tell('gzip-header', 0, `the header has ${header.unusual.join(', ')}`);
  if (header.optional.length > 0)
    tell('gzip-optional-header', 0, `the header has ${header.optional.join(', ')}`);
  if (header.end < 0) {
    tell('gzip-truncated', 0, 'the file ends inside the gzip header');
    return { unpackedBytes: 0, complete: false };
  }

  let crc = 0;
  let unpackedBytes = 0;
  let limited = false;
  const take = (piece: Buffer, consumed: number): boolean => {
    crc = zlib.crc32(piece, crc);
    unpackedBytes += piece.length;
    if (unpackedBytes > limits.unpackedBytes) {
      limited = true;
      tell(
        'unpacked-size-limit',
        header.end + consumed,
        `more than ${limits.unpackedBytes} bytes unpacked`,
      );
      return false;
    }
    if (
      unpackedBytes > RATIO_FLOOR_BYTES &&
      unpackedBytes > limits.ratio * (header.end + consumed)
    ) {
      limited = true;
      tell(
        'compression-ratio-limit',
        header.end + consumed,
        `more than ${limits.ratio} bytes unpacked per compressed byte`,
      );
      return false;
    }
    return sink.piece(piece);
  };
  const { outcome, consumed } = inflateRaw(bytes, header.end, take, {
    maxBytes: limits.unpackedBytes,
    pieceBytes: inputPieceBytes,
  });
  const end = header.end + consumed;
  switch (outcome) {
    case 'stopped':
      return { unpackedBytes, complete: !limited };
    case 'oversized':
      tell('unpacked-size-limit', header.end, `more than ${limits.unpackedBytes} bytes unpacked`);
      return { unpackedBytes, complete: false };
    case 'corrupt':
      tell('gzip-corrupt', end, 'the compressed data is not valid deflate');
      return { unpackedBytes, complete: false };
    case 'short':
      tell('gzip-truncated', bytes.length, 'the file ends inside the compressed data');
      return { unpackedBytes, complete: false };
    case 'end':
      checkTrailer(bytes, end, { crc, unpackedBytes, tell });
      return { unpackedBytes, complete: true };
  }
}

function checkTrailer(
  bytes: Uint8Array,
  at: number,
  found: {
    crc: number;
    unpackedBytes: number;
    tell: (code: AnomalyCode, offset: number, detail: string) => void;
  },
): void {
  const { tell } = found;
  const end = at + TRAILER_BYTES;
  if (end > bytes.length) {
    tell('gzip-truncated', bytes.length, 'the file ends inside the gzip trailer');
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, TRAILER_BYTES);
  if (view.getUint32(0, true) !== found.crc >>> 0)
    tell('gzip-checksum', at, 'the CRC-32 does not fit the unpacked bytes');
  if (view.getUint32(4, true) !== found.unpackedBytes % 2 ** 32) {
    tell(
      'gzip-length',
      at + 4,
      `the trailer says ${view.getUint32(4, true)} unpacked bytes, there are ${found.unpackedBytes}`,
    );
  }
  if (end === bytes.length) return;
  const rest = bytes.subarray(end);
  if (isGzip(rest))
    tell('gzip-second-member', end, `a second gzip member follows, ${rest.length} bytes`);
  else tell('gzip-trailing-bytes', end, `${rest.length} bytes follow the end of the gzip member`);
}
