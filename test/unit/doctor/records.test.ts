/** The advisory records that are shipped. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { comparatorOf } from '../../../packages/doctor/src/advisories/versions.ts';
import { loadRecords } from '../../../packages/doctor/src/advisories/load.ts';
import type { Affected } from '../../../packages/doctor/src/advisories/record.ts';
import type { OsvEcosystem } from '../../../packages/doctor/src/component.ts';
import { repository } from '../../support/managers.ts';

const folder = join(repository, 'data/advisories');
const files = readdirSync(folder).toSorted();
const schema = JSON.parse(
  readFileSync(join(repository, 'test/support/schemas/osv.schema.json'), 'utf8'),
) as object;
// Formats of dates and addresses are looked at below.
const valid = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
const json = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const { records, date } = loadRecords(folder);

const ecosystemOf = (part: Affected): OsvEcosystem =>
  (part.package?.ecosystem ?? part.database_specific?.tarwarden?.product) as OsvEcosystem;

describe('each record', () => {
  it.each(files)('%s is valid by the schema of OSV', (file) => {
    expect(valid(json(file)) ? [] : valid.errors).toEqual([]);
  });

  it('would be rejected by the schema without an id', () => {
    const { id: _, ...rest } = json(files[0] ?? '') as Record<string, unknown>;
    expect(valid(rest)).toBe(false);
  });

  it('is in the file of its id', () => {
    expect(records.map(({ id }) => `${id}.json`)).toEqual(files);
  });

  it.each(records.map((record) => [record.id, record] as const))(
    '%s has a summary, a source and an address',
    (_id, { summary, references, database_specific: { tarwarden } }) => {
      expect(summary).toMatch(/^[A-Z\w'].{15,}[^.]$/);
      expect(tarwarden.source).not.toBe('');
      const addresses = references.map(({ url }) => new URL(url).protocol);
      expect(new Set(addresses)).toEqual(new Set(['https:']));
    },
  );

  it.each(records.map((record) => [record.id, record] as const))(
    '%s has versions that can be compared, in order',
    (_id, { affected }) => {
      expect(affected.length).toBeGreaterThan(0);
      for (const part of affected) {
        const compare = comparatorOf(ecosystemOf(part));
        const ranges = part.ranges ?? part.database_specific?.tarwarden?.ranges ?? [];
        const versions = ranges.flatMap(({ events }) => events.flatMap(Object.values<string>));
        expect(versions[0]).toBeDefined();
        const named = versions.filter((version) => version !== '0');
        for (const version of named) expect(compare(version, version)).toBe(0);
        expect(named.toSorted(compare)).toEqual(named);
      }
    },
  );

  it('that reaches no install of a manager by itself says why', () => {
    const silent = records.filter(
      ({ database_specific: { tarwarden: own } }) =>
        own.reach === 'none' && own.notReachedBecause === undefined,
    );
    expect(silent.map(({ id }) => id)).toEqual([]);
  });
});

describe('the set', () => {
  it('has each hole once, whatever it is called', () => {
    const names = records.flatMap(({ id, aliases }) => [id, ...aliases]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(records.length).toBeGreaterThan(100);
  });

  it('has a date', () => {
    expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
  });
});
