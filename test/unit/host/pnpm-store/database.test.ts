/** The reader of pnpm's index.db gives the answers of SQLite, or none. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../../../packages/host/src/pnpm-store/sqlite/database.ts';
import { UnreadableStoreError } from '../../../../packages/host/src/pnpm-store/unreadable-store.ts';
import { nodePath, available, repository } from '../../../support/managers.ts';

const TABLES = { package_index: { form: /^create table package_index/, value: 'blob' } } as const;
const NODE = nodePath('node-24');
const isMissing = !available('pnpm-11').ok;

interface Row {
  readonly key: string;
  readonly data: string;
}

function rowsOf(file: string, prefix = ''): Row[] {
  const database = new Database(file, TABLES);
  try {
    const rows = database.table('package_index')?.startingWith(Buffer.from(prefix)) ?? [];
    return Array.from(rows, ({ key, value }) => ({
      key: key.toString(),
      data: value.toString('hex').toUpperCase(),
    }));
  } finally {
    database.close();
  }
}

/** A fresh folder with databases, and one for changed copies. */
let made = '';
let changed = '';
beforeAll(() => {
  made = mkdtempSync(join(tmpdir(), 'tarwarden-databases-'));
  if (isMissing) return;
  execFileSync(NODE, ['--no-warnings', join(repository, 'test/support/make-databases.cjs'), made]);
});
afterAll(() => rmSync(made, { recursive: true }));
beforeEach(() => {
  changed = mkdtempSync(join(tmpdir(), 'tarwarden-databases-'));
});
afterEach(() => rmSync(changed, { recursive: true }));

describe.skipIf(isMissing)('a database of pnpm', () => {
  it('has all its rows, for each size of page, with removed rows and with a log', () => {
    const names = readdirSync(made).filter((name) => name.endsWith('.db'));
    expect(names).toHaveLength(20);
    for (const name of names) {
      const file = join(made, name);
      const expected = JSON.parse(
        readFileSync(file.replace(/db$/, 'json'), 'utf8'),
      ) as readonly Row[];
      expect({ name, rows: rowsOf(file) }).toEqual({ name, rows: expected });
      for (const { key, data } of expected.slice(0, 20))
        expect({ name, rows: rowsOf(file, key) }).toEqual({ name, rows: [{ key, data }] });
    }
  });

  it('with any byte changed is read as SQLite reads it, or not at all', () => {
    const source = join(made, '1024-400-250-false.db');
    const rows = rowsOf(source);
    const keys = rows.filter((_, index) => index % 40 === 0).map(({ key }) => key);
    const bytes = readFileSync(source);
    // Bytes of the header, of the schema, and of the starts of pages, where the structure is.
    for (let index = 0; index < 150; index += 1) {
      const page = index < 50 ? 0 : (index * 7) % (bytes.length / 1024);
      const at = page * 1024 + ((index * 37) % (index < 50 ? 1024 : 200));
      const copy = Buffer.from(bytes);
      copy[at] = copy[at]! ^ (1 << (index % 8));
      writeFileSync(join(changed, `${index}.db`), copy);
    }
    const own = new Map<string, (string | null)[] | undefined>();
    for (const name of readdirSync(changed)) {
      try {
        const file = join(changed, name);
        own.set(
          name,
          keys.map((key) => rowsOf(file, key).find((row) => row.key === key)?.data ?? null),
        );
      } catch (error) {
        expect(error).toBeInstanceOf(UnreadableStoreError);
      }
    }
    const text = execFileSync(
      NODE,
      [
        '--no-warnings',
        join(repository, 'test/support/ask-sqlite.cjs'),
        changed,
        JSON.stringify(keys),
      ],
      { maxBuffer: 1 << 28 },
    ).toString();
    const answers = JSON.parse(text) as Record<string, (string | null)[]>;
    expect(own.size).toBeGreaterThan(20);
    for (const [name, values] of own) {
      const theirs = answers[name]!;
      // pnpm fetches a package again if SQLite fails.
      const same = values!.map((value, index) => (theirs[index] === 'error' ? 'error' : value));
      expect({ name, values: same }).toEqual({ name, values: theirs });
    }
  });

  it('with a log reads no transaction that is not whole', () => {
    const source = join(made, '4096-120-60-true.db');
    const log = readFileSync(`${source}-wal`);
    for (const [index, length] of [log.length - 1, log.length - 5000, 5000, 31].entries()) {
      copyFileSync(source, join(changed, `${index}.db`));
      writeFileSync(join(changed, `${index}.db-wal`), log.subarray(0, length));
    }
    const keys = rowsOf(source)
      .slice(0, 20)
      .map(({ key }) => key);
    const own = readdirSync(changed)
      .filter((name) => name.endsWith('.db'))
      .map((name) => [name, keys.map((key) => ask(join(changed, name), key))]);
    const text = execFileSync(
      NODE,
      [
        '--no-warnings',
        join(repository, 'test/support/ask-sqlite.cjs'),
        changed,
        JSON.stringify(keys),
      ],
      { maxBuffer: 1 << 28 },
    ).toString();
    expect(Object.fromEntries(own)).toEqual(JSON.parse(text));
  });

  it('with a journal of a program that was ended, an index, or a view is not read', () => {
    const file = join(changed, 'ended.db');
    copyFileSync(join(made, '4096-3-0-false.db'), file);
    writeFileSync(`${file}-journal`, 'not empty');
    expect(() => rowsOf(file)).toThrow(UnreadableStoreError);
    const indexed = join(changed, 'indexed.db');
    copyFileSync(join(made, '1024-3-0-false.db'), indexed);
    const sql = 'create index other on package_index (data)';
    execFileSync(NODE, ['--no-warnings', '-e', RUN, indexed, sql]);
    expect(() => rowsOf(indexed)).toThrow('tables of a form that pnpm does not make');
  });
});

const RUN =
  'const d = new (require("node:sqlite").DatabaseSync)(process.argv[1]); d.exec(process.argv[2]); d.exec("pragma wal_checkpoint(truncate)"); d.close()';

/** The value of a key, as `ask-sqlite.cjs` gives it. */
function ask(file: string, key: string): string | null {
  try {
    const rows = rowsOf(file, key);
    return rows.find((row) => row.key === key)?.data ?? (hasTable(file) ? null : 'error');
  } catch {
    return 'error';
  }
}

function hasTable(file: string): boolean {
  const database = new Database(file, TABLES);
  try {
    return database.table('package_index') !== undefined;
  } finally {
    database.close();
  }
}
