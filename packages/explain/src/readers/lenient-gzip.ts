import { inflateRaw, gzipHeader, isGzip } from '@tarwarden/core/containers';
import zlib from 'node:zlib';
import { fail, tooLarge } from './disk.ts';
import { MAX_GZIP_MEMBERS, MAX_VIEW_BYTES } from '@tarwarden/core/limits';

/** The behaviour of a lenient decompressor. */
export interface GzipManners {
  /** Whether members after the first are read. */
  readonly members: 'all' | 'first';
  /** Bytes that may follow the last member: any, or only zeros. */
  readonly trailing: 'any' | 'zeros';
  /** Whether CRC-32 and length of the trailer must fit. `room`: the length must only leave room for the data. */
  readonly trailer: 'checked' | 'room' | 'unchecked';
  /** Whether a header with a checksum of its own must have the right one. */
  readonly headerChecksum: 'checked' | 'skipped';
  /** Whether gzip inside gzip is opened, once. */
  readonly nested?: true;
}

const TRAILER_BYTES = 8;
const RESERVED_FLAGS = 0xe0;
const HEADER_CHECKSUM_FLAG = 2;

/** Decompresses as a lenient reader does. Bytes that are not gzip are returned unchanged. Bounded by MAX_VIEW_BYTES. */
export function lenientGunzip(bytes: Uint8Array, manners: GzipManners): Buffer {
  if (!isGzip(bytes)) return Buffer.from(bytes.subarray(0, MAX_VIEW_BYTES));
  const pieces: Buffer[] = [];
  let total = 0;
  let remaining = bytes;
  for (let count = 0; count < MAX_GZIP_MEMBERS; count++) {
    const header = gzipHeader(remaining);
    if (header.end < 0) fail('the gzip header is cut off');
    const problem = headerProblem(remaining, header.end, manners);
    if (problem !== undefined) fail(problem);
    let crc = 0;
    let size = 0;
    const take = (piece: Buffer): boolean => {
      if (total + piece.length > MAX_VIEW_BYTES) return false;
      pieces.push(Buffer.from(piece));
      crc = zlib.crc32(piece, crc);
      size += piece.length;
      total += piece.length;
      return true;
    };
    const { outcome, consumed } = inflateRaw(remaining, header.end, take, {
      maxBytes: MAX_VIEW_BYTES,
    });
    if (outcome === 'stopped' || outcome === 'oversized') tooLarge();
    const end = header.end + consumed + TRAILER_BYTES;
    if (outcome !== 'end') fail('the compressed data is damaged or cut off');
    if (end > remaining.length) fail('the gzip trailer is cut off');
    const trailer = new DataView(
      remaining.buffer,
      remaining.byteOffset + end - TRAILER_BYTES,
      TRAILER_BYTES,
    );
    const declaredSize = trailer.getUint32(4, true);
    if (
      manners.trailer === 'checked' &&
      (trailer.getUint32(0, true) !== crc >>> 0 || declaredSize !== size)
    )
      fail('the gzip checksum or length does not fit');
    if (manners.trailer === 'room' && declaredSize < size)
      fail('the gzip length leaves no room for the data');
    remaining = remaining.subarray(end);
    if (remaining.length === 0 || manners.members === 'first') break;
    if (isGzip(remaining)) continue;
    if (manners.trailing === 'any' || remaining.every((byte) => byte === 0)) break;
    fail('bytes follow the gzip data');
  }
  const tar = Buffer.concat(pieces);
  if (manners.nested !== true || !isGzip(tar)) return tar;
  const { nested: _once, ...again } = manners;
  return lenientGunzip(tar, again);
}

function headerProblem(bytes: Uint8Array, end: number, manners: GzipManners): string | undefined {
  if (bytes[2] !== 8) return 'the compression method is unknown';
  const flags = bytes[3] ?? 0;
  if ((flags & RESERVED_FLAGS) !== 0) return 'the gzip header has reserved flags';
  if ((flags & HEADER_CHECKSUM_FLAG) === 0 || manners.headerChecksum === 'skipped')
    return undefined;
  const stored = (bytes[end - 2] ?? 0) + (bytes[end - 1] ?? 0) * 256;
  return (zlib.crc32(bytes.subarray(0, end - 2)) & 0xffff) === stored
    ? undefined
    : 'the gzip header has a wrong checksum';
}
