// What SQLite answers for keys of many databases: node ask-sqlite.cjs FOLDER KEYS. It runs on Node 24, and prints a list for each file.
'use strict';
const { DatabaseSync } = require('node:sqlite');
const { readdirSync } = require('node:fs');
const { join } = require('node:path');
const [folder, keys] = process.argv.slice(2);

const answers = {};
for (const name of readdirSync(folder).filter((each) => each.endsWith('.db'))) {
  answers[name] = JSON.parse(keys).map((key) => {
    let database;
    try {
      database = new DatabaseSync(join(folder, name));
      const row = database
        .prepare('select hex(data) as data from package_index where key = ?')
        .get(key);
      return row === undefined ? null : row.data;
    } catch {
      return 'error';
    } finally {
      database?.close();
    }
  });
}
process.stdout.write(JSON.stringify(answers));
