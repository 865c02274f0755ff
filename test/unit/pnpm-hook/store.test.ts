import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PnpmSource } from '../../../packages/pnpm-hook/src/source.ts';
import { holdsNoPackage, StoreContents } from '../../../packages/pnpm-hook/src/project/store.ts';
import { available, nodePath } from '../../support/managers.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

/** Makes pnpm's database in a folder, with these keys. */
const MAKE = `
  const { DatabaseSync } = require('node:sqlite');
  const [folder, keys, ends] = process.argv.slice(1);
  const database = new DatabaseSync(folder + '/index.db');
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA wal_autocheckpoint = 0');
  database.exec('CREATE TABLE package_index (key TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID');
  for (const key of JSON.parse(keys))
    database.prepare('INSERT INTO package_index VALUES (?, ?)').run(key, Buffer.from('data'));
  if (ends === 'closed') database.close();
  else process.kill(process.pid, 'SIGKILL');
`;

let store: string;
freshFolder((made) => (store = made));

describe('holdsNoPackage', () => {
  it('is true of a store that is not there, or empty', () => {
    expect(holdsNoPackage(join(store, 'missing'))).toBe(true);
    expect(holdsNoPackage(store)).toBe(true);
  });

  it('is true of what pnpm 10, 11 and 12 make before the first package', () => {
    mkdirSync(join(store, 'projects/0123'), { recursive: true });
    for (const name of ['index.db', 'index.db-shm', 'index.db-wal'])
      writeFileSync(join(store, name), '');
    expect(holdsNoPackage(store)).toBe(true);
  });

  it.each(['files', 'index', 'links', 'unknown'])('is false where there is %j', (name) => {
    mkdirSync(join(store, 'projects'));
    mkdirSync(join(store, name));
    expect(holdsNoPackage(store)).toBe(false);
  });

  it('is false of what is no folder', () => {
    writeFileSync(join(store, 'file'), '');
    expect(holdsNoPackage(join(store, 'file'))).toBe(false);
  });
});

describe('StoreContents', () => {
  const digest = createHash('sha512').update('bytes').digest();
  const integrity = `sha512-${digest.toString('base64')}`;
  const other = `sha512-${createHash('sha512').update('other').digest('base64')}`;
  const source = (more: Partial<PnpmSource> = {}): PnpmSource =>
    ({
      kind: 'download',
      id: 'a',
      url: 'https://host.example/a.tgz',
      integrity,
      expected: { name: '@s/a', version: '1.0.0' },
      ...more,
    }) as PnpmSource;
  const holds = (more: Partial<PnpmSource> = {}): boolean =>
    new StoreContents(store).mayHold(source(more));

  it('holds nothing where there is no store', () => {
    expect(new StoreContents(join(store, 'missing')).mayHold(source())).toBe(false);
    expect(holds()).toBe(false);
  });

  it('finds what pnpm 10 has a file for', () => {
    const hex = digest.toString('hex');
    mkdirSync(join(store, 'index', hex.slice(0, 2)), { recursive: true });
    expect(holds()).toBe(false);
    const name = `${hex.slice(2, 64)}-@s+a@1.0.0.json`;
    writeFileSync(join(store, 'index', hex.slice(0, 2), name), '');
    expect(holds()).toBe(true);
    expect(holds({ integrity: other })).toBe(false);
  });

  const make = (ends: string): void => {
    const keys = [`${integrity}\t@s/a@1.0.0`];
    const { error } = spawnSync(nodePath('node-24'), [
      '--no-warnings',
      '-e',
      MAKE,
      store,
      JSON.stringify(keys),
      ends,
    ]);
    expect(error).toBeUndefined();
  };

  it.skipIf(!available('pnpm-11').ok).each([
    ['database', 'closed'],
    ['write-ahead log', 'killed'],
  ])('finds what pnpm 11 and 12 have in their %s', (_, ends) => {
    make(ends);
    expect(holds()).toBe(true);
    // The last character has bits that no byte needs.
    expect(holds({ integrity: integrity.replace(/.==$/, 'A==') })).toBe(true);
    expect(holds({ integrity: other })).toBe(false);
  });

  it('finds what is linked out of the store', () => {
    mkdirSync(join(store, 'links/@s/a/1.0.0'), { recursive: true });
    mkdirSync(join(store, 'links/@/b/1.0.0'), { recursive: true });
    expect(holds({ integrity: other })).toBe(true);
    expect(holds({ integrity: other, expected: { name: 'b', version: '1.0.0' } })).toBe(true);
    expect(holds({ integrity: other, expected: { name: 'b', version: '2.0.0' } })).toBe(false);
  });

  it('may hold what has no integrity or no name, and anything where the index cannot be read', () => {
    expect(holds({ integrity: undefined } as never)).toBe(true);
    expect(holds({ expected: undefined } as never)).toBe(true);
    mkdirSync(join(store, 'index.db'));
    expect(holds()).toBe(true);
  });
});
