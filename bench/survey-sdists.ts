/**
 * Inspects the sdists that bench/survey/sdists.txt lists, and tells how often each rule finds something:
 * `node scripts/run-ts.mjs bench/survey-sdists.ts FOLDER [--write]`. The folder holds them, as `apt-get source --download-only
 * --tar-only` leaves them; `--write` puts the tables into docs/survey-python.md. Exit 1: none was there.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { count, emptySurvey } from './survey/look.ts';
import { fillPage, tables } from './survey/page.ts';

const LIST = new URL('survey/sdists.txt', import.meta.url);
const PAGE = new URL('../docs/survey-python.md', import.meta.url);
const MANIFEST = 'PKG-INFO';

const [folder = '.', write] = process.argv.slice(2);
const lines = readFileSync(LIST, 'utf8').split('\n').filter(Boolean);
const result = emptySurvey(new Set(lines.map((line) => line.split(' ')[0])).size);
for (const line of lines) {
  const [name = '', version = '', sha256 = '', file = ''] = line.split(' ');
  const id = `${name} ${version}`;
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(folder, file));
  } catch {
    result.missing.push(id);
    continue;
  }
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    result.missing.push(`${id}: another file`);
    continue;
  }
  const expected = { name, version, fileName: `${name}-${version}.tar.gz` };
  count(result, id, bytes, { options: { format: 'sdist', expected }, manifest: MANIFEST });
}
if (write === '--write')
  writeFileSync(PAGE, fillPage(readFileSync(PAGE, 'utf8'), result, MANIFEST));
process.stdout.write(tables(result, MANIFEST));
process.exitCode = result.archives > 0 ? 0 : 1;
