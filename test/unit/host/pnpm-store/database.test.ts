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
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
beforeEach(() => {
  made = mkdtempSync(join(tmpdir(), 'tarwarden-databases-'));
  changed = mkdtempSync(join(tmpdir(), 'tarwarden-databases-'));
});
afterEach(() => {
  for (const folder of [made, changed]) rmSync(folder, { recursive: true });
});

function make(folder: string): string[] {
  execFileSync(NODE, ['--no-warnings', join(repository, 'test/support/make-databases.cjs'), folder]);
  return readdirSync(folder).filter((name) => name.endsWith('.db'));
}

describe.skipIf(isMissing)('a database of pnpm', () => {
  it('has all its rows, for each size of page, with removed rows and with a log', () => {
    const folder = made;
    const names = make(folder);
    expect(names).toHaveLength(20);
    for (const name of names) {
      const file = join(folder, name);
      const expected = JSON.parse(
        readFileSync(file.replace(/db$/, 'json'), 'utf8'),
      ) as readonly Row[];
      expect(rowsOf(file), name).toEqual(expected);
      for (const { key, data } of expected.slice(0, 20))
        expect(rowsOf(file, key), name).toEqual([{ key, data }]);
    }
  });

  it('with any byte changed is read as SQLite reads it, or not at all', () => {
    const folder = made;
    make(folder);
    const source = join(folder, '1024-400-250-false.db');
    const rows = rowsOf(source);
    const keys = rows.filter((_, index) => index % 40 === 0).map(({ key }) => key);
    const bytes = readFileSync(source);
    // Bytes of the header, of the schema, and of the starts of pages, where the structure is.
    for (let index = 0; index < 150; index += 1) {
      const page = index < 50 ? 0 : (index * 7) % (bytes.length / 1024);
      const at = page * 1024 + ((index * 37) % (index < 50 ? 1024 : 200));
      const copy = Buffer.from(bytes);
      copy[at] = copy[at]! ^ (1 << index % 8);
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
        expect(error, name).toBeInstanceOf(UnreadableStoreError);
      }
    }
    const text = execFileSync(
      NODE,
      ['--no-warnings', join(repository, 'test/support/ask-sqlite.cjs'), changed, JSON.stringify(keys)],
      { maxBuffer: 1 << 28 },
    ).toString();
    const answers = JSON.parse(text) as Record<string, (string | null)[]>;
    expect(own.size).toBeGreaterThan(20);
    for (const [name, values] of own) {
      const theirs = answers[name]!;
      // pnpm fetches a package again if SQLite fails.
      const same = values!.map((value, index) => (theirs[index] === 'error' ? 'error' : value));
      expect(same, name).toEqual(theirs);
    }
  });

  it('with a log reads no transaction that is not whole', () => {
    const folder = made;
    make(folder);
    const source = join(folder, '4096-300-100-true.db');
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
      ['--no-warnings', join(repository, 'test/support/ask-sqlite.cjs'), changed, JSON.stringify(keys)],
      { maxBuffer: 1 << 28 },
    ).toString();
    expect(Object.fromEntries(own)).toEqual(JSON.parse(text));
  });

  it('with a journal of a program that was ended, an index, or a view is not read', () => {
    const folder = made;
    make(folder);
    const source = join(folder, '4096-3-0-false.db');
    writeFileSync(`${source}-journal`, 'not empty');
    expect(() => rowsOf(source)).toThrow(UnreadableStoreError);
    const indexed = join(folder, '1024-3-0-false.db');
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
