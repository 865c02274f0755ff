/*
 * The index of one version of pnpm's store: which entries pnpm may use for an archive with some integrity. pnpm 10 has a JSON file for
 * each package, pnpm 11 and 12 have a database.
 */
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { readBounded } from '../read-bounded.ts';
import { hasKnownRows, knownRowsOf, type KnownRows } from './known-rows.ts';
import { Database } from './sqlite/database.ts';
import type { EntryFormat } from './store-entry.ts';
import { unreadableIndex } from './unreadable-store.ts';

/** Bytes of one entry; packages of 50,000 files have some 12 MB. */
export const ENTRY_BYTES_MAX: number = 32 * 1024 * 1024;

export interface FoundEntry {
  /** The name of the entry: the path of its file below the folder, or the key of its row. */
  readonly name: string;
  readonly data: Uint8Array;
  readonly format: EntryFormat;
}

export interface StoreIndex {
  /** Every entry that pnpm may use for an archive with this integrity. @throws UnreadableStoreError */
  entriesOf(integrity: string): readonly FoundEntry[];
  /** Whether the index may have an entry for an archive whose integrity has this start. @throws UnreadableStoreError */
  hasStart(integrityStart: string): boolean;
  /** The rows that all searches so far have read. Undefined for JSON files, and for a database with a write-ahead log. */
  knownRows(): KnownRows | undefined;
  /** All entries. @throws UnreadableStoreError */
  all(): Iterable<FoundEntry>;
  /** The other keys of entries. */
  aliases(): Iterable<{ readonly key: string; readonly target: string }>;
  /** Whether another program changed the index since it was opened. */
  hasChanged(): boolean;
  close(): void;
}

const DATABASE = 'index.db';

/**
 * Opens the index of the folder of one version of the store, such as `…/store/v11`. Undefined if there is none.
 * @param isFrozen Whether pnpm has the setting `frozenStore`, with which it reads no write-ahead log.
 * @throws UnreadableStoreError
 */
export function openStoreIndex(folder: string, isFrozen = false): StoreIndex | undefined {
  const database = join(folder, DATABASE);
  const stat = lstatSync(database, { throwIfNoEntry: false });
  // SQLite makes an empty file first.
  if (stat !== undefined)
    return isEmpty(stat, `${database}-wal`) ? undefined : new IndexDatabase(database, isFrozen);
  const files = join(folder, 'index');
  if (lstatSync(files, { throwIfNoEntry: false }) === undefined) return undefined;
  return new IndexFiles(folder);
}

function isEmpty(database: Stats, log: string): boolean {
  return (
    database.isFile() &&
    database.size === 0 &&
    !((lstatSync(log, { throwIfNoEntry: false })?.size ?? 0) > 0)
  );
}

/** The statements with which pnpm makes the tables. */
const TABLES = {
  package_index: {
    form: /^create table "?package_index"? ?\( ?key text primary key, data blob not null ?\) without rowid$/,
    value: 'blob',
  },
  package_index_alias: {
    form: /^create table "?package_index_alias"? ?\( ?key text primary key, target text not null ?\) without rowid$/,
    value: 'text',
  },
} as const;

/** Whether the index of the folder of one version of a store still has these rows. Never throws. */
export function hasRows(folder: string, rows: KnownRows, isFrozen = false): boolean {
  return hasKnownRows(join(folder, DATABASE), rows, isFrozen);
}

class IndexDatabase implements StoreIndex {
  readonly #database: Database;

  constructor(file: string, isFrozen: boolean) {
    this.#database = new Database(file, TABLES, isFrozen);
  }

  entriesOf(integrity: string): readonly FoundEntry[] {
    // Keys are `<integrity><tab><package>`. A package by URL has another name than one of a registry.
    const prefix = Buffer.from(`${integrity}\t`);
    const found = [...this.#rows(prefix)];
    const aliases = this.#database.table('package_index_alias');
    for (const { value } of aliases?.startingWith(prefix) ?? []) {
      for (const entry of this.#rows(value)) {
        if (Buffer.from(entry.name).equals(value)) found.push(entry);
      }
    }
    return found;
  }

  hasStart(integrityStart: string): boolean {
    const start = Buffer.from(integrityStart);
    return Object.keys(TABLES).some(
      (name) => this.#database.table(name)?.startingWith(start).next().done === false,
    );
  }

  knownRows(): KnownRows | undefined {
    const { pagesRead } = this.#database;
    return pagesRead && knownRowsOf(pagesRead);
  }

  all(): Iterable<FoundEntry> {
    return this.#rows(Buffer.alloc(0));
  }

  *aliases(): Generator<{ readonly key: string; readonly target: string }> {
    const table = this.#database.table('package_index_alias');
    for (const { key, value } of table?.startingWith(Buffer.alloc(0)) ?? [])
      yield { key: key.toString('utf8'), target: value.toString('utf8') };
  }

  hasChanged(): boolean {
    return this.#database.hasChanged();
  }

  close(): void {
    this.#database.close();
  }

  *#rows(prefix: Buffer): Generator<FoundEntry> {
    const table = this.#database.table('package_index');
    for (const { key, value } of table?.startingWith(prefix) ?? []) {
      if (value.length > ENTRY_BYTES_MAX) throw unreadableIndex('an entry is too large');
      // A copy, because a thread would get all memory that the row is a part of.
      yield { name: key.toString('utf8'), data: Uint8Array.from(value), format: 'msgpack' };
    }
  }
}

/** Hexadecimal digits of the hash in a name. */
const NAME_DIGITS = 64;

/**
 * The digits with which pnpm 10 names the file of an entry, after ssri has read the integrity. The first two are the name of its folder.
 * Undefined if ssri finds no hash, so that pnpm looks for another file.
 */
export function indexFileDigits(integrity: string): string | undefined {
  const [, digest = ''] = /^[a-z0-9]+-([^?]+)[?\S*]*$/.exec(integrity.trim()) ?? [];
  const digits = Buffer.from(digest, 'base64').toString('hex').slice(0, NAME_DIGITS);
  return digits.length > 2 ? digits : undefined;
}

class IndexFiles implements StoreIndex {
  readonly #folder: string;
  readonly #names = new Map<string, readonly string[]>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  entriesOf(integrity: string): readonly FoundEntry[] {
    const digits = indexFileDigits(integrity);
    if (digits === undefined)
      throw unreadableIndex('the lockfile has an integrity of an unusual form');
    const [start, rest] = [digits.slice(0, 2), `${digits.slice(2)}-`];
    return this.#namesIn(start)
      .filter((name) => name.startsWith(rest))
      .flatMap((name) => this.#entry(`index/${start}/${name}`));
  }

  hasStart(): boolean {
    return false;
  }

  knownRows(): undefined {
    return undefined;
  }

  *all(): Generator<FoundEntry> {
    for (const start of namesOf(join(this.#folder, 'index')))
      for (const name of this.#namesIn(start)) yield* this.#entry(`index/${start}/${name}`);
  }

  aliases(): readonly never[] {
    return [];
  }

  hasChanged(): boolean {
    return false;
  }

  close(): void {
    this.#names.clear();
  }

  #namesIn(start: string): readonly string[] {
    let names = this.#names.get(start);
    if (names === undefined) {
      names = namesOf(join(this.#folder, 'index', start)).filter((name) => name.endsWith('.json'));
      this.#names.set(start, names);
    }
    return names;
  }

  #entry(name: string): FoundEntry[] {
    const { bytes } = readBounded(join(this.#folder, name), {
      bytesMax: ENTRY_BYTES_MAX,
      follow: false,
    });
    if (bytes === undefined) throw unreadableIndex(`${name} is no file, or too large`);
    return [{ name, data: bytes, format: 'json' }];
  }
}

function namesOf(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
