/*
 * The pages of an SQLite database, as SQLite itself would read them at this moment: with the write-ahead log, and without a rollback
 * journal, which means that a program was ended while it wrote.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
} from 'node:fs';
import { readOpen } from '../../read-bounded.ts';
import { unreadableIndex } from '../unreadable-store.ts';
import { readWriteAheadLog, type WriteAheadLog } from './wal.ts';

const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
export const HEADER_BYTES = 100;
const UTF_8 = 1;
const WITH_LOG = 2;

/** Bytes of a write-ahead log that are read into memory. pnpm has SQLite empty it after 40 MB. */
const LOG_BYTES_MAX = 512 * 1024 * 1024;
/** A smaller database is read as a whole, so that it cannot change while it is used. */
const WHOLE_BYTES_MAX = 64 * 1024 * 1024;
/** Pages that are kept in memory. With 4 KB each these are 64 MB. */
const KEPT_PAGES_MAX = 16_384;

/** Pages of a database file, by their numbers from 1. */
export interface PagesRead {
  readonly fileBytes: number;
  readonly pageBytes: number;
  readonly pages: ReadonlyMap<number, Buffer>;
}

export class DatabasePages {
  readonly #file: string;
  readonly #isImmutable: boolean;
  readonly #fd: number;
  readonly #stat: Stats;
  readonly #logBytes: Buffer | undefined;
  readonly #log: WriteAheadLog | undefined;
  readonly #kept = new Map<number, Buffer>();
  readonly #whole: Buffer | undefined;
  #hasDropped = false;
  readonly pageBytes: number;
  readonly pageCount: number;

  /**
   * @param isImmutable Whether the client tells SQLite that the file cannot change. SQLite then ignores the log.
   * @throws UnreadableStoreError if SQLite may read something else, or nothing.
   */
  constructor(file: string, isImmutable: boolean) {
    this.#file = file;
    this.#isImmutable = isImmutable;
    this.#fd = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      this.#stat = fstatSync(this.#fd);
      if (!this.#stat.isFile()) throw unreadableIndex('it is not a file');
      if (sizeOf(`${file}-journal`) > 0)
        throw unreadableIndex('a program was ended while it wrote');
      this.#logBytes = isImmutable ? undefined : this.#readLog();
      const { size } = this.#stat;
      if (size <= WHOLE_BYTES_MAX) this.#whole = readOpen(this.#fd, size, allocate);
      const { pageBytes, version, pageCount } = headerOf(this.#read(0, HEADER_BYTES), size);
      this.pageBytes = pageBytes;
      if (this.#logBytes !== undefined) {
        if (version !== WITH_LOG)
          throw unreadableIndex('it has a write-ahead log that it does not name');
        this.#log = readWriteAheadLog(this.#logBytes, pageBytes);
      }
      this.pageCount = this.#log?.pageCount ?? pageCount;
      // The first page may be in the log, and must still describe the same database.
      const inUse = headerOf(this.page(1), size);
      if (inUse.pageBytes !== pageBytes) throw unreadableIndex('its pages have two sizes');
    } catch (error) {
      closeSync(this.#fd);
      throw error;
    }
  }

  /** Returns the bytes of a page. The first page is 1. */
  page(number: number): Buffer {
    const kept = this.#kept.get(number);
    if (kept !== undefined) return kept;
    if (number < 1 || number > this.pageCount)
      throw unreadableIndex('it names a page that it does not have');
    const inLog = this.#log?.pages.get(number);
    let page: Buffer;
    if (inLog !== undefined && this.#logBytes !== undefined) {
      page = this.#logBytes.subarray(inLog, inLog + this.pageBytes);
    } else {
      page = this.#read((number - 1) * this.pageBytes, this.pageBytes);
    }
    if (this.#kept.size >= KEPT_PAGES_MAX) {
      this.#kept.clear();
      this.#hasDropped = true;
    }
    this.#kept.set(number, page);
    return page;
  }

  /** All pages that were read. Undefined if some came from the log, or if they were too many to keep. */
  get pagesRead(): PagesRead | undefined {
    if (this.#log !== undefined || this.#hasDropped) return undefined;
    const { pageBytes } = this;
    return { fileBytes: this.#stat.size, pageBytes, pages: this.#kept };
  }

  #read(at: number, length: number): Buffer {
    if (this.#whole !== undefined) {
      if (at + length > this.#whole.length) throw unreadableIndex('it is cut off');
      return this.#whole.subarray(at, at + length);
    }
    const bytes = Buffer.allocUnsafeSlow(length);
    if (readSync(this.#fd, bytes, 0, length, at) !== length) throw unreadableIndex('it is cut off');
    return bytes;
  }

  /** Whether another program wrote to the database since it was opened. */
  hasChanged(): boolean {
    const { ino, size, mtimeMs, ctimeMs } = this.#stat;
    const now = lstatSync(this.#file, { throwIfNoEntry: false });
    return (
      now === undefined ||
      now.ino !== ino ||
      now.size !== size ||
      now.mtimeMs !== mtimeMs ||
      now.ctimeMs !== ctimeMs ||
      (!this.#isImmutable && sizeOf(`${this.#file}-wal`) !== (this.#logBytes?.length ?? 0))
    );
  }

  close(): void {
    closeSync(this.#fd);
  }

  #readLog(): Buffer | undefined {
    const log = `${this.#file}-wal`;
    const size = sizeOf(log);
    if (size === 0) return undefined;
    if (size > LOG_BYTES_MAX) throw unreadableIndex('its write-ahead log is too large');
    const fd = openSync(log, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      return readOpen(fd, size, allocate);
    } finally {
      closeSync(fd);
    }
  }
}

interface Header {
  readonly pageBytes: number;
  readonly version: number;
  readonly pageCount: number;
}

function headerOf(header: Buffer, fileBytes: number): Header {
  if (!header.subarray(0, MAGIC.length).equals(MAGIC))
    throw unreadableIndex('it is no SQLite database');
  const size = header.readUInt16BE(16);
  const pageBytes = size === 1 ? 65_536 : size;
  if (pageBytes < 512 || (pageBytes & (pageBytes - 1)) !== 0)
    throw unreadableIndex('its pages have an impossible size');
  const [write, read, reserved, ...fractions] = header.subarray(18, 24);
  const isKnown = (write === 1 || write === WITH_LOG) && read === write && reserved === 0;
  // A database without tables has no encoding yet.
  const encoding = header.readUInt32BE(56);
  const hasEncoding = encoding === UTF_8 || (encoding === 0 && header.readUInt32BE(44) === 0);
  if (!isKnown || fractions.join() !== '64,32,32' || !hasEncoding)
    throw unreadableIndex('it is a database of a form that pnpm does not make');
  if (header.readUInt32BE(52) !== 0) throw unreadableIndex('it is vacuumed by itself');
  const format = header.readUInt32BE(44);
  if (format > 4) throw unreadableIndex('its schema has an unknown form');
  const counted = header.readUInt32BE(28);
  // The number of pages counts only if the program that wrote last knew of it.
  const isCounted = counted > 0 && header.readUInt32BE(24) === header.readUInt32BE(92);
  const pageCount = isCounted ? counted : Math.floor(fileBytes / pageBytes);
  return { pageBytes, version: read, pageCount };
}

function sizeOf(path: string): number {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isFile()) throw unreadableIndex('what is beside it is not a file');
  return stat.size;
}

function allocate(bytes: number): Buffer {
  return Buffer.allocUnsafeSlow(bytes);
}
