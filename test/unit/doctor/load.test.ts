/** A set of records on disk. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadRecords, RecordSetError } from '../../../packages/doctor/src/advisories/load.ts';
import { record } from './records.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => (folder = made));

const set = (text: string) => {
  const file = join(folder, 'set.json');
  writeFileSync(file, text);
  return loadRecords(file);
};

it('has the date of its newest record', () => {
  const older = record('A-1', {}, { modified: '2026-01-01T00:00:00Z' });
  const { date, records } = set(JSON.stringify([record('A-2'), older]));
  expect(date).toBe('2026-11-25');
  expect(records.map(({ id }) => id)).toEqual(['A-2', 'A-1']);
});

it.each([
  ['no list', '{}'],
  ['no JSON', '['],
  ['a record without remarks', JSON.stringify([{ ...record('A-1'), database_specific: {} }])],
  ['an id that is a path', JSON.stringify([record('../A-1')])],
  ['too many', JSON.stringify(Array.from({ length: 10_001 }, () => 0))],
])('is an error with %s', (_title, text) => {
  expect(() => set(text)).toThrow(RecordSetError);
});
