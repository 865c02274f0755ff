// Changes rows of pnpm's index.db: node change-pnpm-index.cjs FILE MSGPACKR CHANGES KEEPS-LOG. It runs on Node 24, for SQLite.
'use strict';
const { DatabaseSync } = require('node:sqlite');
const [file, msgpackr, changes, keepsLog] = process.argv.slice(2);
const { Packr } = require(msgpackr);

const packr = () => new Packr({ useRecords: true, moreTypes: true });
const database = new DatabaseSync(file);
const all = JSON.parse(changes);
for (const { key, data } of database.prepare('select key, data from package_index').all()) {
  const change = all[key.split('\t')[1]];
  if (change === undefined) continue;
  const entry = packr().unpack(data);
  for (const [path, fields] of Object.entries(change.files ?? {}))
    entry.files.set(path, { checkedAt: 4e12, ...entry.files.get(path), ...fields });
  if (change.sideEffects !== undefined) {
    const { key: name, added } = change.sideEffects;
    const files = Object.entries(added).map(([path, fields]) => [
      path,
      { checkedAt: 4e12, ...fields },
    ]);
    entry.sideEffects = new Map([[name, { added: new Map(files) }]]);
  }
  for (const [path, fields] of Object.entries(change.made ?? {}))
    for (const { added } of entry.sideEffects?.values() ?? [])
      added.set(path, { checkedAt: 4e12, ...fields });
  if (change.manifest !== undefined) entry.manifest = { ...entry.manifest, ...change.manifest };
  const target = change.aliasTo ?? key;
  database
    .prepare('insert or replace into package_index (key, data) values (?, ?)')
    .run(target, packr().pack(entry));
  if (target === key) continue;
  database.prepare('delete from package_index where key = ?').run(key);
  database
    .prepare('insert or replace into package_index_alias (key, target) values (?, ?)')
    .run(key, target);
}
if (keepsLog === 'true') process.kill(process.pid, 'SIGKILL');
database.close();
