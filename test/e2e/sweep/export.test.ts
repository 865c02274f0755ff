// @module-tag postgresql
/* A ledger as Parquet files: read by DuckDB, with the queries of docs/server/sweep.md. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Ledger } from '../../../packages/server/src/sweep/ledger/ledger.ts';
import { execute } from '../../support/execute.ts';
import { blocks } from '../../support/pages.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { startPostgres, type Server } from '../../support/servers.ts';
import {
  DuckDBInstance,
  type DuckDBConnection,
} from '../../runtimes/node_modules/@duckdb/node-api/lib/index.js';
import { clear, digest, fill, fillMany, finding } from './ledger-rows.ts';
import { program, tarwarden } from './support.ts';

let postgres: Server;
let ledger: Ledger;
let duck: DuckDBConnection;
beforeAll(async () => {
  postgres = await startPostgres();
  ledger = await Ledger.open(postgres.url, () => undefined);
  duck = await (await DuckDBInstance.create()).connect();
});
afterAll(async () => {
  duck.closeSync();
  await ledger.close();
  await postgres.close();
});

let sandbox: Sandbox;
beforeEach(async () => {
  await clear(ledger);
  sandbox = makeSandbox({ registry: 'http://127.0.0.1:9/' });
  exporting = ['sweep', 'export', '--parquet', 'tables', '--ledger', postgres.url];
  await duck.run(`set file_search_path = '${sandbox.project}'`);
  return () => sandbox.dispose();
});

const FILES = [
  'findings.parquet',
  'not-inspected.parquet',
  'occurrences.parquet',
  'verdicts.parquet',
];

let exporting: string[];
const exported = async () => tarwarden(sandbox, exporting);
const tables = (): string => join(sandbox.project, 'tables');
const rows = async (text: string): Promise<unknown> =>
  (await duck.runAndReadAll(text)).getRowObjectsJson();

async function someLedger(): Promise<void> {
  await fill(ledger, [
    { name: 'old', findings: [finding('r0', 'error')], ruleset: '8' },
    {
      name: 'a',
      published: '2023-12-31T23:59:59.999Z',
      packer: 'npm 9',
      content: 'one',
      findings: [
        finding('r1', 'error', { entry: 'package/\u0000\u202e/x', layer: 'tar', offset: 512 }),
        finding('r1', 'error', { entry: 'package/b' }),
        finding('r2', 'warning'),
      ],
    },
    {
      name: 'b',
      published: '2024-05-01T00:00:00Z',
      packer: 'npm 10',
      content: 'one',
      findings: [finding('r1', 'error')],
    },
    { name: 'c', published: '2024-06-01T00:00:00Z', packer: 'npm 10' },
    {
      name: 'd',
      findings: [finding('r2', 'warning'), finding('r3', 'error', { excepted: 'known' })],
    },
  ]);
  await ledger.write('test', [
    { item: 'x@1', reason: '404' },
    { item: 'y@1', reason: '404' },
  ]);
}

test('has the columns that the page lists, with their types', async () => {
  await someLedger();
  expect(await exported()).toMatchObject({
    code: 0,
    stderr:
      'tarwarden: verdicts.parquet: 5 rows\ntarwarden: occurrences.parquet: 5 rows\ntarwarden: not-inspected.parquet: 2 rows\ntarwarden: findings.parquet: 7 rows\n',
  });
  expect(readdirSync(tables()).toSorted()).toEqual(FILES);
  const page = readFileSync(new URL('../../../docs/server/sweep.md', import.meta.url), 'utf8');
  for (const file of FILES) {
    const columns = (await rows(`describe select * from 'tables/${file}'`)) as Record<
      string,
      string
    >[];
    const line = page.split('\n').find((one) => one.startsWith(`| \`${file}\``))!;
    const named = [...line.split('|')[3]!.matchAll(/`([a-z0-9]+)`/g)].map(([, name]) => name);
    expect(
      named.filter((name) => !['accept', 'reject', 'error', 'warning', 'note'].includes(name!)),
    ).toEqual(columns.map(({ column_name: name }) => name));
  }
  const types = (await rows(`describe select * from 'tables/verdicts.parquet'`)) as Record<
    string,
    string
  >[];
  expect(types.map(({ column_type: type }) => type)).toEqual([
    'BLOB',
    'BLOB',
    'VARCHAR',
    'VARCHAR',
    'VARCHAR[]',
    'VARCHAR[]',
    'BIGINT',
    'BIGINT',
    'BIGINT',
    'TIMESTAMP',
  ]);
});

test('has what the ledger has, with texts of archives that are printable', async () => {
  await someLedger();
  await exported();
  expect(
    await rows(`select rule, level, path, layer, position, message, excepted from 'tables/findings.parquet'
      where ruleset = '9' order by rule, path nulls last, excepted`),
  ).toEqual([
    {
      rule: 'r1',
      level: 'error',
      path: 'package/\\x00\\u202e/x',
      layer: 'tar',
      position: '512',
      message: 'about r1',
      excepted: null,
    },
    {
      rule: 'r1',
      level: 'error',
      path: 'package/b',
      layer: null,
      position: null,
      message: 'about r1',
      excepted: null,
    },
    {
      rule: 'r1',
      level: 'error',
      path: null,
      layer: null,
      position: null,
      message: 'about r1',
      excepted: null,
    },
    {
      rule: 'r2',
      level: 'warning',
      path: null,
      layer: null,
      position: null,
      message: 'about r2',
      excepted: null,
    },
    {
      rule: 'r2',
      level: 'warning',
      path: null,
      layer: null,
      position: null,
      message: 'about r2',
      excepted: null,
    },
    {
      rule: 'r3',
      level: 'error',
      path: null,
      layer: null,
      position: null,
      message: 'about r3',
      excepted: 'known',
    },
  ]);
  expect(
    await rows(
      `select lower(hex(sha512)) as sha512, published::text as published, packer from 'tables/occurrences.parquet' where name in ('a', 'd') order by name`,
    ),
  ).toEqual([
    { sha512: digest('one'), published: '2023-12-31 23:59:59.999', packer: 'npm 9' },
    { sha512: digest('d@1.0.0'), published: null, packer: 'unknown' },
  ]);
  expect(
    await rows(
      `select status, rules, warned, bytes, unpacked, entries from 'tables/verdicts.parquet' where sha512 in (select sha512 from 'tables/occurrences.parquet' where name = 'd')`,
    ),
  ).toEqual([
    {
      status: 'accept',
      rules: ['r3'],
      warned: ['r2'],
      bytes: '100',
      unpacked: '1000',
      entries: '3',
    },
  ]);
});

test('has one moment, which another export does not have', async () => {
  await someLedger();
  const moments = async (): Promise<string[]> => {
    await exported();
    const found =
      await rows(`select distinct decode(value) as moment from parquet_kv_metadata('tables/*.parquet')
      where decode(key) = 'tarwarden.moment'`);
    return (found as { moment: string }[]).map(({ moment }) => moment);
  };
  const both = [...(await moments()), ...(await moments())];
  expect(both).toEqual(
    both.map(() => expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z$/) as string),
  );
  expect([both.length, new Set(both).size]).toEqual([2, 2]);
});

test('answers the queries of the page', async () => {
  await someLedger();
  await exported();
  const [view, byYear, packers, since, open, ...others] = blocks(
    'docs/server/sweep.md',
    'sql',
    'Queries',
  );
  expect(others).toEqual([]);
  await duck.run(view!.replace('create view', 'create or replace view'));
  expect(await rows(byYear!)).toEqual([
    { rule: 'r1', year: '2023', versions: '1' },
    { rule: 'r1', year: '2024', versions: '1' },
    { rule: 'r3', year: null, versions: '1' },
  ]);
  expect(await rows(packers!)).toEqual([
    { rule: 'r1', packer: 'npm 10', versions: '1', percent: 50 },
    { rule: 'r1', packer: 'npm 9', versions: '1', percent: 100 },
    { rule: 'r3', packer: 'unknown', versions: '1', percent: 100 },
  ]);
  const found = (await rows(since!)) as Record<string, string>[];
  expect(found.map(({ name, rule, path }) => [name, rule, path])).toEqual([
    ['a', 'r1', 'package/\\x00\\u202e/x'],
    ['b', 'r1', 'package/\\x00\\u202e/x'],
    ['old', 'r0', null],
  ]);
  expect(await rows(open!)).toEqual([{ reason: '404', count: '2', example: 'x@1' }]);
});

test('is whole where there is nothing, and where there is much', async () => {
  await exported();
  expect(await rows(`select count(*) as count from 'tables/findings.parquet'`)).toEqual([
    { count: '0' },
  ]);
  await fillMany(ledger, 45_000);
  // As long as an archive's can get: far beyond what comes in a batch.
  const long = Array.from({ length: 200 }, () =>
    finding('long', 'error', { entry: 'ä'.repeat(20_000) }),
  );
  await fill(ledger, [{ name: 'long', findings: long }]);
  expect(await exported()).toMatchObject({ code: 0 });
  expect(
    await rows(`select (select count(*) from 'tables/verdicts.parquet') as verdicts,
      (select count(distinct sha512) from 'tables/occurrences.parquet') as archives,
      (select count(*) from 'tables/findings.parquet') as findings,
      (select max(length(path)) from 'tables/findings.parquet') as longest`),
  ).toEqual([{ verdicts: '45001', archives: '45001', findings: '2540', longest: '4097' }]);
});

test('takes no more memory for more rows', async () => {
  await fillMany(ledger, 100_000);
  const small = ['--max-old-space-size=64', '--max-semi-space-size=4'];
  const { code } = await execute(process.execPath, [...small, program, ...exporting], {
    cwd: sandbox.project,
    env: sandbox.env,
  });
  expect(code).toBe(0);
});
