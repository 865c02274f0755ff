// @module-tag postgresql
/* What a report counts, on PostgreSQL, against what was put into the ledger. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Ledger } from '../../../packages/server/src/sweep/ledger/ledger.ts';
import { reportOf } from '../../../packages/server/src/sweep/ledger/report.ts';
import { startPostgres, type Server } from '../../support/servers.ts';
import { clear, fill, fillMany, finding, type Archive } from './ledger-rows.ts';

let postgres: Server;
let ledger: Ledger;
beforeAll(async () => {
  postgres = await startPostgres();
  ledger = await Ledger.open(postgres.url, () => undefined);
  // Far from UTC: a day and a year must not depend on it.
  await ledger.pool.query(`alter database sweep set timezone = 'Pacific/Kiritimati'`);
  await ledger.close();
  ledger = await Ledger.open(postgres.url, () => undefined);
});
afterAll(async () => {
  await ledger.close();
  await postgres.close();
});
beforeEach(() => clear(ledger));

const sql = async (text: string, values: unknown[] = []): Promise<unknown> =>
  ledger.pool.query(text, values);
const report = async (since?: string) => reportOf(ledger, { ruleset: '9', since });
const error = (rule: string) => finding(rule, 'error');
const warning = (rule: string) => finding(rule, 'warning');

describe('by rule', () => {
  test('are archives, however many names and findings they have', async () => {
    await fill(ledger, [
      { name: 'a', content: 'one', findings: [error('r1'), error('r1'), warning('r2')] },
      { name: 'b', content: 'one', findings: [error('r1'), warning('r2')] },
      { name: 'c', findings: [warning('r2'), warning('r1')] },
      { name: 'd', findings: [finding('r1', 'note')] },
      { name: 'e', findings: [error('r3')], ruleset: '8' },
      { name: 'f', findings: [finding('r4', 'error', { excepted: 'known' })] },
    ]);
    const found = await report();
    expect(found.byRule).toEqual([
      { key: 'r1', count: 2, rejected: 1, warned: 1 },
      { key: 'r2', count: 2, rejected: 0, warned: 2 },
      { key: 'r4', count: 1, rejected: 0, warned: 1 },
    ]);
    expect(found).toMatchObject({ verdicts: 5, rejected: 2, warned: 2, versions: 5 });
  });
});

describe('by year and by packer', () => {
  test('are package versions, in years of UTC', async () => {
    const versions: readonly [string, string | null, string, Archive['findings']?][] = [
      ['1', '2023-12-31T23:59:59Z', 'npm 10', [error('r')]],
      ['2', '2024-01-01T00:00:00Z', 'npm 10', [warning('r')]],
      ['3', '2024-12-31T12:00:00Z', 'yarn 4'],
      ['4', '2009-01-01T00:00:00Z', 'npm 10'],
      ['5', null, 'unknown'],
    ];
    await fill(
      ledger,
      versions.map(([version, published, packer, findings = []]) => ({
        name: 'a',
        version,
        published,
        packer,
        findings,
      })),
    );
    // The same archive as another version, and one that has no verdict of these rules.
    await fill(ledger, [
      {
        name: 'a',
        version: '6',
        content: 'a@1',
        published: '2024-06-01T00:00:00Z',
        packer: 'npm 10',
      },
      { name: 'old', published: '2024-06-01T00:00:00Z', packer: 'npm 10', ruleset: '8' },
    ]);
    const { byYear, byPacker, versions: all } = await report();
    expect(byYear).toEqual([
      { key: '2009', count: 1, rejected: 0, warned: 0 },
      { key: '2023', count: 1, rejected: 1, warned: 0 },
      { key: '2024', count: 3, rejected: 1, warned: 1 },
      { key: 'unknown', count: 1, rejected: 0, warned: 0 },
    ]);
    expect(byPacker).toEqual([
      { key: 'npm 10', count: 4, rejected: 2, warned: 1 },
      { key: 'unknown', count: 1, rejected: 0, warned: 0 },
      { key: 'yarn 4', count: 1, rejected: 0, warned: 0 },
    ]);
    expect(all).toBe(6);
  });

  test('have 100 rows and one for all others, though publishers invent packers', async () => {
    await fillMany(ledger, 30_000);
    const { byPacker, byRule, versions } = await report();
    expect(byPacker.slice(0, 2).map(({ key }) => key)).toEqual(['npm 10', 'yarn 3']);
    expect(byPacker.length).toBe(101);
    expect(byPacker.at(-1)).toEqual({
      key: 'others',
      keys: 204,
      count: 204,
      rejected: 0,
      warned: 0,
    });
    expect(byPacker.reduce((sum, { count }) => sum + count, 0)).toBe(30_000);
    expect(versions).toBe(30_000);
    expect(byRule.length).toBe(47);
    expect(
      byRule
        .filter(({ key }) => key.startsWith('rule'))
        .reduce((sum, { rejected }) => sum + rejected, 0),
    ).toBe(60);
  });
});

describe('newly rejected', () => {
  const at = async (name: string, time: string): Promise<unknown> =>
    sql(
      `update tarwarden_sweep.verdict set inspected = $2
       where sha512 in (select sha512 from tarwarden_sweep.occurrence where name = $1)`,
      [name, time],
    );

  test('is what nothing rejected before the day, which is one of UTC', async () => {
    await fill(ledger, [
      { name: 'before', findings: [error('r1')] },
      { name: 'on', findings: [error('r1'), error('r2')] },
      { name: 'accepted', findings: [warning('r1')] },
    ]);
    await at('before', '2026-10-31T23:59:59Z');
    await at('on', '2026-11-01T00:00:00Z');
    // By older rules: one was rejected already, the other was not.
    await fill(ledger, [
      { name: 'known', findings: [error('r1')], ruleset: '8' },
      { name: 'missed', ruleset: '8' },
    ]);
    await at('known', '2026-01-01T00:00:00Z');
    await at('missed', '2026-01-01T00:00:00Z');
    await fill(ledger, [
      { name: 'known', findings: [error('r1')] },
      { name: 'missed', findings: [error('r1')] },
    ]);
    const { newlyRejected } = await report('2026-11-01');
    expect(newlyRejected).toMatchObject({
      since: '2026-11-01',
      archives: 2,
      byRule: [
        { key: 'r1', count: 2, rejected: 2, warned: 0 },
        { key: 'r2', count: 1, rejected: 1, warned: 0 },
      ],
    });
    expect(newlyRejected.newest.map(({ name }) => name)).toEqual(['missed', 'on']);
    expect(newlyRejected.newest[1]).toEqual({
      name: 'on',
      version: '1.0.0',
      rules: ['r1', 'r2'],
      inspected: '2026-11-01T00:00:00Z',
    });
    const all = (await report()).newlyRejected;
    expect([all.since, all.archives]).toEqual([null, 4]);
  });

  test('has at most 100 rows, also of one archive', async () => {
    await fill(
      ledger,
      Array.from({ length: 150 }, (_, index) => ({
        name: `copy-${index}`,
        content: 'same',
        findings: [error('r1')],
      })),
    );
    const { newlyRejected } = await report();
    expect([newlyRejected.archives, newlyRejected.newest.length]).toEqual([1, 100]);
  });
});

test('not inspected is counted by reason', async () => {
  const failed = ['x', 'y', 'z'].map((item) => ({ item, reason: item === 'z' ? 'late' : '404' }));
  await ledger.write('test', failed);
  const { whyNotInspected, notInspected } = await report();
  expect(whyNotInspected).toEqual([
    { key: '404', count: 2 },
    { key: 'late', count: 1 },
  ]);
  expect(notInspected).toBe(3);
});

test('texts are printable, whoever wrote them', async () => {
  await fill(ledger, [
    { name: 'a\u001b[2J', version: '\u202e1', packer: 'p\u0007', findings: [error('r\u009b')] },
  ]);
  await ledger.write('test', [{ item: 'x', reason: 'why\u001b' }]);
  const text = JSON.stringify(await report());
  expect(text).toContain('a\\\\x1b[2J');
  // oxlint-disable-next-line no-control-regex -- these are what must not be there
  expect(text).not.toMatch(/[\u001b\u202e\u0007\u009b]|\\u00/);
});
