/*
 * Recognises the rows of an index that were read before, by the pages that were read for them. If each of these pages has the same bytes,
 * a search finds the same rows, and finds the same keys missing. So the rows need not be looked for and decoded again.
 */
import { createHash, type Hash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import type { PagesRead } from './sqlite/pages.ts';

/** The pages of a database that were read, and nothing of a write-ahead log. */
export interface KnownRows {
  readonly pageBytes: number;
  /** The number of the first page of each range, from 1, and how many pages the range has. In order. */
  readonly ranges: readonly (readonly [first: number, count: number])[];
  /** SHA-256 of the length of the file and of these pages. */
  readonly digest: string;
}

/** Describes pages that were read, so that {@link hasKnownRows} recognises them. */
export function knownRowsOf({ fileBytes, pageBytes, pages }: PagesRead): KnownRows {
  const ranges: [number, number][] = [];
  const digest = digestStart(fileBytes);
  for (const [number, bytes] of [...pages].toSorted(([a], [b]) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last[0] + last[1] === number) last[1] += 1;
    else ranges.push([number, 1]);
    digest.update(bytes);
  }
  return { pageBytes, ranges, digest: digest.digest('base64') };
}

function digestStart(fileBytes: number): Hash {
  return createHash('sha256').update(`${fileBytes}\n`);
}

/** Bytes that are read at once. */
const PIECE_BYTES = 1024 * 1024;

/**
 * Whether the pages of a database file still have the same bytes. False if the file cannot be read, or if SQLite may read something else
 * than its pages, because there is a journal or a write-ahead log. Never throws.
 * @param isFrozen Whether pnpm reads no log.
 */
export function hasKnownRows(
  file: string,
  { pageBytes, ranges, digest }: KnownRows,
  isFrozen: boolean,
): boolean {
  let fd: number | undefined;
  try {
    fd = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    const stat = fstatSync(fd);
    if (!stat.isFile()) return false;
    const hash = digestStart(stat.size);
    const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    for (const [first, count] of ranges) {
      let at = (first - 1) * pageBytes;
      for (let left = count * pageBytes; left > 0;) {
        const read = readSync(fd, piece, 0, Math.min(left, PIECE_BYTES), at);
        if (read === 0) return false;
        hash.update(piece.subarray(0, read));
        at += read;
        left -= read;
      }
    }
    // Look after the pages were read: a program that writes makes one of these files first.
    const others = isFrozen ? ['-journal'] : ['-journal', '-wal'];
    const isAlone = others.every(
      (end) => (lstatSync(`${file}${end}`, { throwIfNoEntry: false })?.size ?? 0) === 0,
    );
    return isAlone && hash.digest('base64') === digest;
  } catch {
    return false;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
