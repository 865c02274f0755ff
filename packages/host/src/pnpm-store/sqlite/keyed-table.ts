/*
 * Reads a table `WITHOUT ROWID`, whose rows are in the order of their first column. SQLite looks for a key by binary search; this reader
 * requires that all keys of the pages that it sees are in order, and between the keys of the page above. So both find the same row.
 */
import { unreadableIndex } from '../unreadable-store.ts';
import type { DatabasePages } from './pages.ts';
import { HEADER_BYTES } from './pages.ts';
import {
  localPart,
  payloadOf,
  recordValues,
  varint,
  type PageKind,
  type Payload,
} from './records.ts';

const INTERIOR_INDEX = 2;
const INTERIOR_TABLE = 5;
const LEAF_INDEX = 10;
const LEAF_TABLE = 13;
/** Levels of pages. Five levels of pages with two rows each have more rows than any store. */
const DEPTH_MAX = 20;

export interface KeyedRow {
  readonly key: Buffer;
  readonly value: Buffer;
}

export interface KeyedTableOptions {
  readonly root: number;
  /** The type of the second column. The first one is a text. */
  readonly value: 'text' | 'blob';
}

/** The keys between which the keys of a page have to be. */
interface Between {
  readonly after?: Buffer | undefined;
  readonly before?: Buffer | undefined;
}

export class KeyedTable {
  readonly #pages: DatabasePages;
  readonly #options: KeyedTableOptions;
  /** The rows of each page that was read before. */
  readonly #known = new Map<
    number,
    { readonly cells: readonly Cell[]; readonly between: Between }
  >();

  constructor(pages: DatabasePages, options: KeyedTableOptions) {
    this.#pages = pages;
    this.#options = options;
  }

  /** All rows whose key starts with these bytes, in order. */
  *startingWith(prefix: Buffer): Generator<KeyedRow> {
    yield* this.#walk(this.#options.root, {}, { prefix, depth: 0, seen: new Set() });
  }

  *#walk(number: number, between: Between, search: Search): Generator<KeyedRow> {
    if (search.depth >= DEPTH_MAX || search.seen.has(number))
      throw unreadableIndex('its pages do not form a tree');
    search.seen.add(number);
    const cells = this.#cells(number, between);
    const below = { ...search, depth: search.depth + 1 };
    const { prefix } = search;
    let after = between.after;
    for (const cell of cells) {
      const before = cell.key ?? between.before;
      if (cell.child !== undefined && mayContain(prefix, { after, before }))
        yield* this.#walk(cell.child, { after, before }, below);
      if (cell.key === undefined) continue;
      const order = compareStart(cell.key, prefix);
      if (order > 0) return;
      if (order === 0) yield { key: cell.key, value: cell.value() };
      after = cell.key;
    }
  }

  #cells(number: number, between: Between): readonly Cell[] {
    const known = this.#known.get(number);
    if (known !== undefined) {
      const { after, before } = known.between;
      if (after !== between.after || before !== between.before)
        throw unreadableIndex('its pages do not form a tree');
      return known.cells;
    }
    const cells = cellsOf(this.#pages, number, this.#options.value);
    let last = between.after;
    for (const { key } of cells) {
      if (key === undefined) continue;
      const isInOrder =
        (last === undefined || Buffer.compare(last, key) < 0) &&
        (between.before === undefined || Buffer.compare(key, between.before) < 0);
      if (!isInOrder) throw unreadableIndex('its rows are not in order');
      last = key;
    }
    this.#known.set(number, { cells, between });
    return cells;
  }
}

interface Search {
  readonly prefix: Buffer;
  readonly depth: number;
  readonly seen: Set<number>;
}

/** Whether a key with this start can be between two keys. */
function mayContain(prefix: Buffer, { after, before }: Between): boolean {
  if (after !== undefined && compareStart(after, prefix) > 0) return false;
  return before === undefined || Buffer.compare(before, prefix) > 0;
}

/** Compares the start of a key with a prefix: 0 if the key starts with it. */
function compareStart(key: Buffer, prefix: Buffer): number {
  return Buffer.compare(key.subarray(0, prefix.length), prefix);
}

interface Cell {
  readonly child?: number;
  /** Undefined for the last child of a page, which has no row. */
  readonly key?: Buffer;
  readonly value: () => Buffer;
}

function cellsOf(pages: DatabasePages, number: number, type: 'text' | 'blob'): Cell[] {
  const page = pages.page(number);
  const { kind, isLeaf, positions, last } = pageOf(page, number === 1 ? HEADER_BYTES : 0);
  if (kind !== 'index') throw unreadableIndex('a page has another kind');
  const cells: Cell[] = positions.map((position) => {
    const child = isLeaf ? {} : { child: page.readUInt32BE(position) };
    const [length, at] = varint(page, isLeaf ? position : position + 4);
    const payload = { page, at, length, kind };
    return {
      ...child,
      key: keyOf(pages, payload),
      value(): Buffer {
        const [key, value, ...others] = recordValues(payloadOf(pages, payload));
        if (key?.type !== 'text' || value?.type !== type || others.length > 0)
          throw unreadableIndex('a row has other columns');
        return value.bytes;
      },
    };
  });
  if (last !== undefined) cells.push({ child: last, value: () => Buffer.alloc(0) });
  return cells;
}

/** The first column of a row. It is at the start, so that the pages of a long row need not be read for it. */
function keyOf(pages: DatabasePages, payload: Payload): Buffer {
  const local = localPart(pages, payload);
  const [headerBytes, first] = varint(local, 0);
  const [type] = varint(local, first);
  if (type < TEXT || type % 2 === 0) throw unreadableIndex('a row has other columns');
  const end = headerBytes + (type - TEXT) / 2;
  const whole = end <= local.length ? local : payloadOf(pages, payload);
  if (end > whole.length) throw unreadableIndex('a row is cut off');
  return whole.subarray(headerBytes, end);
}

/** The type of an empty text. Each byte adds 2. */
const TEXT = 13;

interface Page {
  readonly kind: PageKind;
  readonly isLeaf: boolean;
  /** The positions of its cells. */
  readonly positions: readonly number[];
  /** The last child of an interior page. */
  readonly last: number | undefined;
}

function pageOf(page: Buffer, start: number): Page {
  const type = page[start];
  const isLeaf = type === LEAF_INDEX || type === LEAF_TABLE;
  if (!isLeaf && type !== INTERIOR_INDEX && type !== INTERIOR_TABLE)
    throw unreadableIndex('a page has an unknown kind');
  const count = page.readUInt16BE(start + 3);
  const pointers = start + (isLeaf ? 8 : 12);
  const end = pointers + 2 * count;
  if (end > page.length) throw unreadableIndex('a page has too many rows');
  const positions = Array.from({ length: count }, (_, index) => {
    const position = page.readUInt16BE(pointers + 2 * index);
    if (position < end || position + 4 > page.length)
      throw unreadableIndex('a row is outside its page');
    return position;
  });
  return {
    kind: type === LEAF_INDEX || type === INTERIOR_INDEX ? 'index' : 'table',
    isLeaf,
    positions,
    last: isLeaf ? undefined : page.readUInt32BE(start + 8),
  };
}

/** The records of a table with row numbers, such as the schema. */
export function* tableRecords(pages: DatabasePages, root: number): Generator<Buffer> {
  const pending = [root];
  const seen = new Set<number>();
  for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
    if (seen.has(number) || seen.size > TABLE_PAGES_MAX)
      throw unreadableIndex('its schema is no tree');
    seen.add(number);
    const page = pages.page(number);
    const { kind, isLeaf, positions, last } = pageOf(page, number === 1 ? HEADER_BYTES : 0);
    if (kind !== 'table') throw unreadableIndex('a page has another kind');
    if (last !== undefined) pending.push(last);
    for (const position of positions) {
      if (!isLeaf) {
        pending.push(page.readUInt32BE(position));
        continue;
      }
      const [length, row] = varint(page, position);
      const [, at] = varint(page, row);
      yield payloadOf(pages, { page, at, length, kind });
    }
  }
}

/** Pages of the schema. pnpm's schema needs one. */
const TABLE_PAGES_MAX = 64;
