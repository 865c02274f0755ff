/*
 * Reads tables of an SQLite database without SQLite, which Node 20 does not have. docs/design/0027-pnpm-store.md has the reasons.
 */
import { unreadableIndex } from '../unreadable-store.ts';
import { KeyedTable, tableRecords } from './keyed-table.ts';
import { DatabasePages, type PagesRead } from './pages.ts';
import { recordValues, type RecordValue } from './records.ts';

/** Names and forms of the tables that a database may have. */
export type KnownTables = Readonly<
  Record<string, { readonly form: RegExp; readonly value: 'text' | 'blob' }>
>;

/** Tables in which SQLite keeps numbers for its planner. */
const STATISTICS = /^sqlite_stat[14]$/;

export class Database {
  readonly #pages: DatabasePages;
  readonly #tables: ReadonlyMap<string, KeyedTable>;

  /** @throws UnreadableStoreError if SQLite may read something else, or nothing. */
  constructor(file: string, known: KnownTables, isImmutable = false) {
    this.#pages = new DatabasePages(file, isImmutable);
    try {
      this.#tables = tablesOf(this.#pages, known);
    } catch (error) {
      this.#pages.close();
      throw error;
    }
  }

  /** Undefined if the database does not have this table. */
  table(name: string): KeyedTable | undefined {
    return this.#tables.get(name);
  }

  /** The pages that all searches so far have read. Undefined if they are not those of the file alone. */
  get pagesRead(): PagesRead | undefined {
    return this.#pages.pagesRead;
  }

  /** Whether another program wrote to it since it was opened. */
  hasChanged(): boolean {
    return this.#pages.hasChanged();
  }

  close(): void {
    this.#pages.close();
  }
}

function tablesOf(pages: DatabasePages, known: KnownTables): Map<string, KeyedTable> {
  const tables = new Map<string, KeyedTable>();
  for (const record of tableRecords(pages, 1)) {
    const [type, name, , root, sql] = recordValues(record);
    const called = text(name).toLowerCase();
    if (text(type) === 'table' && STATISTICS.test(called)) continue;
    const table = Object.hasOwn(known, called) ? known[called] : undefined;
    // An index, a view or a trigger could change the answer of a query.
    const isKnown = text(type) === 'table' && table?.form.test(statement(text(sql))) === true;
    if (!isKnown || table === undefined || tables.has(called) || root?.type !== 'number')
      throw unreadableIndex('it has tables of a form that pnpm does not make');
    if (!(root.value > 1)) throw unreadableIndex('a table has no page');
    tables.set(called, new KeyedTable(pages, { root: root.value, value: table.value }));
  }
  return tables;
}

function text(value: RecordValue | undefined): string {
  return value?.type === 'text' ? value.bytes.toString('utf8') : '';
}

function statement(sql: string): string {
  return sql.toLowerCase().replaceAll(/\s+/g, ' ').trim();
}
