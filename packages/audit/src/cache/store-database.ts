/*
 * Reads the tables of pnpm's index.db with Node's own SQLite, which older versions of Node do not have. It writes nothing beside the
 * database. It reads only tables of the known form, because a view or a computed column could run for ever.
 */
import { lstatSync, type Stats } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { printable } from '@tarwarden/core/text';
import { INDEX_BYTES_MAX } from './pnpm-package.ts';

export interface StoreRow {
  readonly key: string;
  /** Absent if it is longer than an index may be. */
  readonly data?: Uint8Array;
}

export interface StoreDatabase {
  readonly rows: readonly StoreRow[];
  /** Other keys of rows. */
  readonly aliases: readonly { readonly key: string; readonly target: string }[];
}

export interface UnreadDatabase {
  readonly problem: string;
  readonly remedy?: string;
}

/** Rows of both tables. The store of a large company has some 100,000. */
const ROWS_MAX = 1_000_000;
/** Bytes of all rows. They are in memory at once. */
const ALL_BYTES_MAX = 1024 * 1024 * 1024;

/** The part of `node:sqlite` that is used. */
interface Sqlite {
  readonly DatabaseSync: new (
    path: string,
    options: { readonly readOnly: true },
  ) => {
    prepare(sql: string): { iterate(...values: number[]): Iterable<Record<string, unknown>> };
    close(): void;
  };
}
type Database = InstanceType<Sqlite['DatabaseSync']>;

/** Undefined if there is no such file. */
export function readStoreDatabase(
  file: string,
  sqlite: Sqlite | undefined = loadSqlite(),
): StoreDatabase | UnreadDatabase | undefined {
  const before = lstatSync(file, { throwIfNoEntry: false });
  if (before === undefined) return undefined;
  if (!before.isFile()) return { problem: 'the index of this store is not a file' };
  if (sqlite === undefined) return NO_SQLITE;
  // There is a journal if another process writes, or was ended while it did. SQLite then joins both, and writes files of its own.
  const hasJournal = journalSize(file) > 0;
  const query = hasJournal ? '' : '?immutable=1';
  let database: Database | undefined;
  try {
    database = new sqlite.DatabaseSync(`${pathToFileURL(file).href}${query}`, { readOnly: true });
    const read = tablesOf(database);
    const changed = !hasJournal && (journalSize(file) > 0 || isOther(before, lstatSync(file)));
    return changed ? { problem: CHANGED, remedy: 'run this again when pnpm has ended' } : read;
  } catch (error) {
    const why = printable(error instanceof Error ? error.message : String(error));
    return { problem: `the index of this store cannot be read (${why})` };
  } finally {
    database?.close();
  }
}

const NO_SQLITE: UnreadDatabase = {
  problem: `the index of this store, of pnpm 11 and newer, is an SQLite database, which Node.js reads from 22.13 on, and this is ${process.version}: nothing is known of what is in the store`,
  remedy: 'run this with Node.js 24, or audit the lockfiles of your projects',
};

const CHANGED = 'the index of this store was changed while it was read';

function journalSize(file: string): number {
  return lstatSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

function isOther(a: Stats, b: Stats): boolean {
  return a.ino !== b.ino || a.size !== b.size || a.mtimeMs !== b.mtimeMs;
}

/** The statements with which pnpm makes the tables. */
const FORMS = {
  package_index:
    /^create table "?package_index"? ?\( ?key text primary key, data blob not null ?\) without rowid$/,
  package_index_alias:
    /^create table "?package_index_alias"? ?\( ?key text primary key, target text not null ?\) without rowid$/,
} as const;

function tablesOf(database: Database): StoreDatabase | UnreadDatabase {
  const forms = new Map(
    Array.from(database.prepare(SCHEMA).iterate(), ({ name, sql }) => [
      String(name),
      String(sql).toLowerCase().replaceAll(/\s+/g, ' ').trim(),
    ]),
  );
  const has = (name: keyof typeof FORMS): boolean => FORMS[name].test(forms.get(name) ?? '');
  if (!has('package_index') || (forms.has('package_index_alias') && !has('package_index_alias')))
    return { problem: 'the index of this store has a form that is not known' };
  const rows: StoreRow[] = [];
  const aliases: { key: string; target: string }[] = [];
  let bytes = 0;
  for (const { key, data } of database.prepare(ROWS).iterate(INDEX_BYTES_MAX)) {
    bytes += data instanceof Uint8Array ? data.length : 0;
    if (rows.length === ROWS_MAX || bytes > ALL_BYTES_MAX) return TOO_LARGE;
    rows.push({ key: String(key), ...(data instanceof Uint8Array && { data }) });
  }
  if (!forms.has('package_index_alias')) return { rows, aliases };
  for (const { key, target } of database.prepare(ALIASES).iterate()) {
    if (aliases.length === ROWS_MAX) return TOO_LARGE;
    aliases.push({ key: String(key), target: String(target) });
  }
  return { rows, aliases };
}

const SCHEMA =
  "select lower(name) as name, sql from sqlite_schema where lower(name) in ('package_index', 'package_index_alias')";
const ROWS =
  'select substr(key, 1, 4096) as key, case when length(data) <= ? then data end as data from package_index';
const ALIASES =
  'select substr(key, 1, 4096) as key, substr(target, 1, 4096) as target from package_index_alias';
const TOO_LARGE: UnreadDatabase = {
  problem: 'the index of this store is larger than what is read',
};

/** Loads SQLite without the warning of Node that it is experimental. */
function loadSqlite(): Sqlite | undefined {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite') as Sqlite | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
