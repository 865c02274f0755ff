/*
 * The write-ahead log beside an SQLite database (https://www.sqlite.org/fileformat2.html, section 4). SQLite reads a page from the last
 * frame that has it, up to the last frame that ends a transaction.
 */
import { unreadableIndex } from '../unreadable-store.ts';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** The lowest bit says in which byte order the checksums read the file. */
const MAGIC = 0x377f0682;
const VERSION = 3_007_000;

export interface WriteAheadLog {
  /** Position of each page's last content in the bytes of the log. */
  readonly pages: ReadonlyMap<number, number>;
  /** Number of pages of the database after the last transaction. */
  readonly pageCount: number;
}

type Sums = readonly [number, number];

/**
 * Undefined if the log has no whole transaction, so that SQLite does not use it.
 * @throws UnreadableStoreError for a log that no version of SQLite writes.
 */
export function readWriteAheadLog(log: Buffer, pageBytes: number): WriteAheadLog | undefined {
  if (log.length < HEADER_BYTES) return undefined;
  const magic = log.readUInt32BE(0);
  // SQLite ignores a log without the magic number or with a wrong checksum.
  if ((magic & ~1) >>> 0 !== MAGIC) return undefined;
  const isBigEndian = (magic & 1) === 1;
  let sums = checksum(log.subarray(0, 24), [0, 0], isBigEndian);
  if (sums[0] !== log.readUInt32BE(24) || sums[1] !== log.readUInt32BE(28)) return undefined;
  if (log.readUInt32BE(4) !== VERSION)
    throw unreadableIndex('its write-ahead log has another version');
  if (log.readUInt32BE(8) !== pageBytes)
    throw unreadableIndex('its write-ahead log has pages of another size');
  const salts = log.subarray(16, 24);
  const pages = new Map<number, number>();
  const pending = new Map<number, number>();
  let pageCount = 0;
  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  for (let at = HEADER_BYTES; at + frameBytes <= log.length; at += frameBytes) {
    const page = log.readUInt32BE(at);
    if (page === 0 || !salts.equals(log.subarray(at + 8, at + 16))) break;
    const content = at + FRAME_HEADER_BYTES;
    sums = checksum(log.subarray(at, at + 8), sums, isBigEndian);
    sums = checksum(log.subarray(content, content + pageBytes), sums, isBigEndian);
    if (sums[0] !== log.readUInt32BE(at + 16) || sums[1] !== log.readUInt32BE(at + 20)) break;
    pending.set(page, content);
    const committed = log.readUInt32BE(at + 4);
    if (committed === 0) continue;
    pageCount = committed;
    for (const [number, position] of pending) pages.set(number, position);
    pending.clear();
  }
  return pageCount === 0 ? undefined : { pages, pageCount };
}

/** The length of `bytes` is a multiple of 8. */
function checksum(bytes: Buffer, [first, second]: Sums, isBigEndian: boolean): Sums {
  let [a, b] = [first, second];
  for (let at = 0; at < bytes.length; at += 8) {
    const left = isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    const right = isBigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4);
    a = (a + left + b) >>> 0;
    b = (b + right + a) >>> 0;
  }
  return [a, b];
}
