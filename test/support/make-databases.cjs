// Makes SQLite databases as pnpm has them: node make-databases.cjs FOLDER. It runs on Node 24. Beside each there is a list of its rows.
'use strict';
const { DatabaseSync } = require('node:sqlite');
const { copyFileSync, existsSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const folder = process.argv[2];

const TABLE =
  'CREATE TABLE IF NOT EXISTS package_index (key TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID';
let seed = 1;
const random = (max) => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return seed % max;
};
const key = () =>
  `sha512-${random(1e9)}${'x'.repeat(random(12) === 0 ? random(3000) : random(80))}\tname@1.0.${random(1e9)}`;
const bytes = () => Buffer.alloc(random(9) === 0 ? random(60_000) : random(1500), random(256));

for (const pageSize of [512, 1024, 4096, 65_536]) {
  for (const [rows, removed, log] of [
    [0, 0, false],
    [3, 0, false],
    [150, 0, false],
    [400, 250, false],
    [120, 60, true],
  ]) {
    const name = `${pageSize}-${rows}-${removed}-${log}`;
    const file = join(folder, `${name}.made`);
    const database = new DatabaseSync(file);
    database.exec(
      `pragma page_size=${pageSize}; pragma journal_mode=wal; pragma wal_autocheckpoint=0; ${TABLE}`,
    );
    const put = database.prepare('insert or replace into package_index values (?, ?)');
    database.exec('begin');
    for (let index = 0; index < rows; index += 1) put.run(key(), bytes());
    database.exec('commit');
    if (!log) database.exec('pragma wal_checkpoint(truncate)');
    const keys = database.prepare('select key from package_index').all();
    database.exec('begin');
    for (let index = 0; index < removed; index += 1)
      database
        .prepare('delete from package_index where key = ?')
        .run(keys[random(keys.length)].key);
    database.exec('commit');
    if (!log) database.exec('pragma wal_checkpoint(truncate)');
    // Copied while it is open, so that the log stays.
    const copy = join(folder, `${name}.db`);
    copyFileSync(file, copy);
    if (log && existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
    const all = database.prepare('select key, hex(data) as data from package_index').all();
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(all));
    database.close();
  }
}
