/** The advisory records that are shipped. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { comparatorOf } from '../../../packages/doctor/src/advisories/versions.ts';
import { REACHES, type Affected } from '../../../packages/doctor/src/advisories/record.ts';
import type { OsvEcosystem } from '../../../packages/doctor/src/component.ts';
import { repository } from '../../support/managers.ts';
import { shippedRecords } from './records.ts';

const folder = join(repository, 'data/advisories');
const files = readdirSync(folder).toSorted();
const schema = JSON.parse(
  readFileSync(join(repository, 'test/support/schemas/osv.schema.json'), 'utf8'),
) as object;
// Formats of dates and addresses are looked at below.
const valid = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
const json = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const records = shippedRecords();

/** The keys of a record that `AdvisoryRecord` declares. The command reads the records without a check. */
const RANGES = ['.type', '.events.introduced', '.events.fixed'].map((key) => `.ranges${key}`);
const REMARKS =
  'kind reach reachInProject when platforms notWithTarFilter notReachedBecause source verified note';
const KEYS = new Set([
  '.schema_version',
  '.id',
  '.modified',
  '.aliases',
  '.summary',
  '.references.type',
  '.references.url',
  '.affected.package.ecosystem',
  '.affected.package.name',
  ...['.affected', '.affected.database_specific.tarwarden'].flatMap((part) =>
    RANGES.map((key) => `${part}${key}`),
  ),
  '.affected.database_specific.tarwarden.product',
  '.affected.database_specific.tarwarden.fixesUnknown',
  ...REMARKS.split(' ').map((key) => `.database_specific.tarwarden.${key}`),
]);
const KINDS = 'link path differential dos bin identity integrity permissions code'.split(' ');

/** The paths of all values in a record. An item of a list has the path of the list. */
function keysOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keysOf(item, path));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => keysOf(inner, `${path}.${key}`));
}

const ecosystemOf = (part: Affected): OsvEcosystem =>
  (part.package?.ecosystem ?? part.database_specific?.tarwarden?.product) as OsvEcosystem;

describe('each record', () => {
  it.each(files)('%s is valid by the schema of OSV', (file) => {
    expect(valid(json(file)) ? [] : valid.errors).toEqual([]);
  });

  it.each(records.map((record) => [record.id, record] as const))(
    '%s has nothing that doctor does not read',
    (_id, record) => {
      const { kind, reach, reachInProject = reach } = record.database_specific.tarwarden;
      expect(keysOf(record).filter((key) => !KEYS.has(key))).toEqual([]);
      expect(KINDS).toContain(kind);
      expect(REACHES).toEqual(expect.arrayContaining([reach, reachInProject]));
      expect(record.id).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      expect(record.modified).toMatch(/^\d{4}-\d\d-\d\dT/);
    },
  );

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
    const names = records.flatMap(({ id, aliases = [] }) => [id, ...aliases]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(records.length).toBeGreaterThan(100);
  });
});
