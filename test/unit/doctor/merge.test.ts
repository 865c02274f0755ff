/** Fetched records beside shipped ones: they add, and take nothing away. */
import { describe, expect, it } from 'vitest';
import { indexRecords, matchesOf } from '../../../packages/doctor/src/advisories/matching.ts';
import {
  readPublishedAdvisory,
  type AdvisoryRecord,
} from '../../../packages/doctor/src/advisories/record.ts';
import type { Component } from '../../../packages/doctor/src/component.ts';
import { holesOf, type Hole } from '../../../packages/doctor/src/hole.ts';
import { withPublished } from '../../../packages/doctor/src/update/merge.ts';
import { published } from './osv-server.ts';
import { bundled, locked, record } from './records.ts';

const merge = (shipped: readonly AdvisoryRecord[], ...fetched: readonly unknown[]) =>
  withPublished(
    { records: shipped, date: '2026-11-25' },
    {
      updated: '2026-11-26T10:00:00.000Z',
      records: fetched.map((one) => {
        const read = readPublishedAdvisory(one);
        if (read === undefined) throw new Error('the test has a record that is none');
        return read;
      }),
    },
  );

const matching = (records: readonly AdvisoryRecord[], version: string): string[] =>
  matchesOf(bundled({ version }), indexRecords(records)).matches.map(({ record: { id } }) => id);

const holes = async (
  records: readonly AdvisoryRecord[],
  component: Component,
): Promise<readonly Hole[]> => {
  const distribution = { ownerOf: async () => Promise.resolve(undefined) };
  const search = { index: indexRecords(records), distribution, platform: 'linux' as const };
  return (await holesOf(component, search)).holes;
};

describe('a shipped record', () => {
  it.each([
    [
      'fixed in an older version',
      {
        affected: [
          {
            package: { ecosystem: 'npm', name: 'tar' },
            ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '0.1.0' }] }],
          },
        ],
      },
    ],
    ['about nothing', { affected: [] }],
    [
      'about another package',
      { affected: [{ package: { ecosystem: 'npm', name: 'x' }, versions: ['1.0.0'] }] },
    ],
    ['withdrawn', { withdrawn: '2026-11-01T00:00:00Z' }],
    [
      'about versions that cannot be compared',
      {
        affected: [
          {
            package: { ecosystem: 'npm', name: 'tar' },
            ranges: [{ type: 'SEMVER', events: [{ introduced: 'x' }] }],
          },
        ],
      },
    ],
  ])('stays where its source calls it %s', async (_title, more) => {
    const { records } = merge(
      [record('GHSA-1')],
      published('GHSA-1', { ...more, modified: '2099-01-01T00:00:00Z' }),
    );
    expect(matching(records, '1.9.0')).toEqual(['GHSA-1']);
    expect(await holes(records, bundled())).toMatchObject([
      { state: 'open', urgency: 'high', reach: 'manager', fixed: '2.0.0' },
    ]);
  });

  it('gets the versions that its source has as well, and then is fixed where both say so', async () => {
    const { records } = merge([record('GHSA-1')], published('GHSA-1'));
    expect([matching(records, '8.0.0'), matching(records, '9.0.0')]).toEqual([['GHSA-1'], []]);
    expect(await holes(records, bundled({ version: '1.0.0' }))).toMatchObject([{ fixed: '9.0.0' }]);
  });

  it('is found by an alias, and not twice', () => {
    const { records } = merge(
      [record('GHSA-1', {}, { aliases: ['CVE-2026-1'] })],
      published('PYSEC-1', { aliases: ['CVE-2026-1'] }),
    );
    expect(records.map(({ id }) => id)).toEqual(['GHSA-1']);
    expect(matching(records, '8.0.0')).toEqual(['GHSA-1']);
  });

  it('keeps its names: by others, a distribution could seem to have mended it', () => {
    const { records } = merge(
      [record('GHSA-1')],
      published('GHSA-1', { aliases: ['CVE-2007-4559'] }),
    );
    expect(records[0]?.aliases).toEqual([]);
  });

  it('says that it was withdrawn', () => {
    const { records } = merge(
      [record('GHSA-1', { note: 'Mind this' })],
      published('GHSA-1', { withdrawn: '2026-11-01T00:00:00Z' }),
    );
    expect(records[0]?.database_specific.tarwarden.note).toBe(
      'Mind this; its source has withdrawn it on 2026-11-01',
    );
  });
});

describe('a new record', () => {
  const added = (more: Readonly<Record<string, unknown>> = {}) =>
    merge([record('GHSA-1')], published('GHSA-new', more)).records.slice(1);

  it('is not classified, and as urgent as what it is about can be', async () => {
    const { records, date, updated } = merge([record('GHSA-1')], published('GHSA-new'));
    expect([date, updated]).toEqual(['2026-11-25', '2026-11-26']);
    expect(records[1]).toMatchObject({ id: 'GHSA-new', summary: 'What GHSA-new does' });
    const version = '8.0.0';
    const found = { state: 'open', reach: 'unclassified', fixed: '9.0.0' };
    expect(await holes(records, bundled({ version }))).toMatchObject([
      { ...found, urgency: 'high' },
    ]);
    expect(await holes(records, locked({ version }))).toMatchObject([
      { ...found, urgency: 'medium' },
    ]);
  });

  it.each([
    ['CRITICAL', 'high', 'medium'],
    ['HIGH', 'high', 'medium'],
    ['MODERATE', 'medium', 'medium'],
    ['LOW', 'low', 'low'],
    ['whatever', 'high', 'medium'],
    [null, 'high', 'medium'],
  ])('of severity %s is %s in a manager and %s in a project', async (severity, own, project) => {
    const records = added({ database_specific: { severity } });
    const urgencies = [bundled(), locked()].map(async (one) =>
      (await holes(records, one)).map(({ urgency }) => urgency),
    );
    expect(await Promise.all(urgencies)).toEqual([[own], [project]]);
  });

  it('is left out where it is withdrawn, or about nothing that is looked for', () => {
    expect(added({ withdrawn: '2026-11-01T00:00:00Z' })).toEqual([]);
    expect(added({ affected: [{ package: { ecosystem: 'npm', name: 'left-pad' } }] })).toEqual([]);
    expect(added({ affected: [{ package: { ecosystem: 'PyPI', name: 'tar' } }] })).toEqual([]);
    expect(added({ affected: [{ versions: ['1.0.0'] }] })).toEqual([]);
  });

  it('under two ids counts once, with the versions of both', () => {
    const { records } = merge(
      [record('GHSA-1')],
      published('GHSA-new', { aliases: ['CVE-2026-9'] }),
      published('PYSEC-9', {
        aliases: ['CVE-2026-9'],
        affected: [{ package: { ecosystem: 'npm', name: 'tar' }, versions: ['10.0.0'] }],
      }),
    );
    expect(records.map(({ id }) => id)).toEqual(['GHSA-1', 'GHSA-new']);
    expect(matching(records, '10.0.0')).toEqual(['GHSA-new']);
  });

  it('brings neither remarks of ours, nor addresses other than https', () => {
    const [one] = added({
      affected: [
        {
          package: { ecosystem: 'npm', name: 'tar' },
          versions: ['1.0.0'],
          database_specific: { tarwarden: { product: 'cpython', ranges: [], fixesUnknown: true } },
        },
      ],
      database_specific: { tarwarden: { kind: 'dos', reach: 'none', verified: true } },
      references: [
        { type: 'WEB', url: 'javascript:alert(1)' },
        { type: 'WEB', url: 'https://example.com/>x' },
      ],
    });
    expect(one?.affected[0]?.database_specific).toBeUndefined();
    expect(one?.database_specific.tarwarden.reach).toBe('unclassified');
    expect(one?.references).toEqual([{ type: 'WEB', url: 'https://example.com/%3Ex' }]);
  });

  it.each([
    ['a long text', { summary: 'x'.repeat(5000) }],
    ['none but details', { summary: '', details: 'First line\nsecond' }],
    ['nothing', { summary: '', details: '' }],
    ['a terminal escape', { summary: 'a\u001B[2Jb' }],
  ])('has one short line with %s as summary', (_title, more) => {
    const summary = added(more)[0]?.summary ?? '';
    expect(summary).toMatch(/^[\x20-\x7e…]+$/);
    expect(summary.length).toBeLessThan(260);
  });
});
