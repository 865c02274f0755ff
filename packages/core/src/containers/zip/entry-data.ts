import { crc32 } from 'node:zlib';
import { inflateRaw } from '../gzip/inflate.ts';
import type { Limits } from '../../limits.ts';
import { RATIO_FLOOR_BYTES } from '../../limits.ts';
import type { CentralHeader } from './directory.ts';
import type { ReportEntry } from './sink.ts';
import type { Pieces } from './source.ts';

export const STORED = 0;
export const DEFLATED = 8;

interface ContentCheck {
  readonly limits: Limits;
  readonly report: ReportEntry;
  /** Receives the content piece by piece, each valid only during the call. Absent if the content is not wanted. */
  readonly body?: ((piece: Buffer) => void) | undefined;
}

/**
 * Checks the data of an entry against its header: the number of bytes, one deflate stream that uses all of them, and the CRC. The
 * content is passed on before the last check.
 *
 * @returns Unpacked bytes seen.
 */
export function readContent(data: Pieces, header: CentralHeader, content: ContentCheck): number {
  const { report } = content;
  if (header.method !== STORED) return inflated(data, header, content);
  if (header.size !== header.compressedSize) {
    report('zip-corrupt', 'its two sizes differ, and it is not compressed');
    return data.length;
  }
  let crc = 0;
  for (
    let piece: Buffer | undefined = data.first;
    piece !== undefined;
    piece = data.nextPiece?.()
  ) {
    crc = crc32(piece, crc);
    content.body?.(piece);
  }
  checkCrc(crc, header, report);
  return data.length;
}

function checkCrc(computedCrc: number, { crc }: CentralHeader, report: ReportEntry): void {
  if (computedCrc !== crc)
    report('zip-checksum', `the header says ${hex(crc)}, the content has ${hex(computedCrc)}`);
}

function hex(crc: number): string {
  return (crc >>> 0).toString(16).padStart(8, '0');
}

function inflated(
  data: Pieces,
  header: CentralHeader,
  { limits, report, body }: ContentCheck,
): number {
  let crc = 0;
  let size = 0;
  const take = (piece: Buffer, usedBytes: number): boolean => {
    crc = crc32(piece, crc);
    size += piece.length;
    if (size > RATIO_FLOOR_BYTES && size > limits.ratio * usedBytes) {
      report('compression-ratio-limit', `more than ${limits.ratio} bytes per compressed byte`);
      return false;
    }
    // More bytes than declared are an error, whatever follows.
    if (size > header.size) return false;
    body?.(piece);
    return true;
  };
  const maxBytes = Math.min(header.size, limits.unpackedBytes) + 1;
  const { outcome, consumed } = inflateRaw(data.first, 0, take, {
    maxBytes,
    nextPiece: data.nextPiece,
  });
  if (outcome === 'end' && consumed === data.length && size === header.size)
    checkCrc(crc, header, report);
  else report('zip-corrupt', describe(outcome, consumed < data.length, size, header.size));
  return size;
}

function describe(outcome: string, isInputLeft: boolean, size: number, declared: number): string {
  if (outcome === 'corrupt') return 'the compressed data is not valid deflate';
  if (outcome === 'short') return 'the compressed data ends too early';
  if (size !== declared) return `it unpacks to ${size} bytes or more, not to ${declared}`;
  return isInputLeft
    ? 'bytes follow the compressed data'
    : 'the compressed data does not fit its place';
}
