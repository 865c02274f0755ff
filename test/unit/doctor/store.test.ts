/** Where fetched records are kept. */
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RecordSetError } from '../../../packages/doctor/src/advisories/load.ts';
import { readPublishedAdvisory } from '../../../packages/doctor/src/advisories/record.ts';
import { readStored, writeStored } from '../../../packages/doctor/src/update/store.ts';
import { updateRecords, withLastUpdate } from '../../../packages/doctor/src/update/update.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { published, serveOsv } from './osv-server.ts';
import { record } from './records.ts';

let root: string;
let env: { HOME: string; XDG_CACHE_HOME: string };
let folder: string;
freshFolder((made) => {
  root = made;
  env = { HOME: root, XDG_CACHE_HOME: join(root, 'cache') };
  folder = join(root, 'cache/tarwarden/advisories');
});

const updated = '2026-11-26T10:00:00.000Z';
const write = (...ids: string[]) =>
  writeStored(env, { updated, records: ids.map((id) => readPublishedAdvisory(published(id))!) });
const shipped = { records: [record('GHSA-1')], date: '2026-11-25' };

it('nothing is there before the first update', () => {
  expect(readStored(env)).toBeUndefined();
  expect(withLastUpdate(shipped, env)).toBe(shipped);
});

it('has what was written, in one private file', () => {
  write('A-1');
  write('A-1', 'A-2');
  expect(readStored(env)).toMatchObject({ updated, records: [{ id: 'A-1' }, { id: 'A-2' }] });
  expect(readdirSync(folder)).toEqual(['osv.json']);
});

it.each([
  ['no JSON', '{'],
  ['something else', '{"schema":1,"updated":"2026-11-26T10:00:00Z"}'],
  ['a record that is none', `{"schema":1,"updated":"${updated}","records":[{"id":"../x"}]}`],
  ['another form', `{"schema":2,"updated":"${updated}","records":[]}`],
])('is an error with %s', (_title, text) => {
  write('A-1');
  writeFileSync(join(folder, 'osv.json'), text);
  expect(() => readStored(env)).toThrow(RecordSetError);
});

it.skipIf(process.platform === 'win32')('is an error where others may write', () => {
  write('A-1');
  chmodSync(folder, 0o777);
  expect(() => readStored(env)).toThrow(/others may write/);
  expect(() => write('A-2')).toThrow(/was not written/);
});

it.skipIf(process.platform === 'win32')('is an error where it is a link', () => {
  write('A-1');
  rmSync(join(folder, 'osv.json'));
  writeFileSync(join(root, 'other.json'), '{}');
  symlinkSync(join(root, 'other.json'), join(folder, 'osv.json'));
  expect(() => readStored(env)).toThrow(/cannot be read \(ELOOP\)/);
});

it('cannot be written where a file is in the way', () => {
  mkdirSync(join(root, 'cache'));
  writeFileSync(join(root, 'cache/tarwarden'), '');
  expect(() => write('A-1')).toThrow(/was not written/);
});

it('stays as it was when an update fails', async () => {
  write('A-1');
  const before = readFileSync(join(folder, 'osv.json'), 'utf8');
  const server = await serveOsv({ packages: { 'npm/tar': [published('../x')] } });
  const options = { address: server.url, settings: { retries: 0 }, env, now: new Date() };
  await expect(updateRecords(shipped, options)).rejects.toThrow(/not in OSV form/);
  await server.close();
  expect(readFileSync(join(folder, 'osv.json'), 'utf8')).toBe(before);
  expect(readdirSync(folder)).toEqual(['osv.json']);
});

it('has what the last update has brought, for runs without network', async () => {
  const server = await serveOsv({
    packages: { 'npm/tar': [published('GHSA-1'), published('A-2')] },
  });
  const options = { address: server.url, settings: {}, env, now: new Date(updated) };
  const set = await updateRecords(shipped, options);
  await server.close();
  expect(set.records.map(({ id }) => id)).toEqual(['GHSA-1', 'A-2']);
  expect(withLastUpdate(shipped, env)).toEqual(set);
});
