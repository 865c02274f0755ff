// @module-tag postgresql
/* What is left of an export that goes wrong, where it must not write, and the same of a report. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Ledger } from '../../../packages/server/src/sweep/ledger/ledger.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { startPostgres, type Server } from '../../support/servers.ts';
import { clear, fill, finding } from './ledger-rows.ts';
import { start, tarwarden, type Running } from './support.ts';

let postgres: Server;
let ledger: Ledger;
beforeAll(async () => {
  postgres = await startPostgres();
  ledger = await Ledger.open(postgres.url, () => undefined);
});
afterAll(async () => {
  await ledger.close();
  await postgres.close();
});

let sandbox: Sandbox;
beforeEach(async () => {
  await clear(ledger);
  sandbox = makeSandbox({ registry: 'http://127.0.0.1:9/' });
  exporting = ['sweep', 'export', '--parquet', 'tables', '--ledger', postgres.url];
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

const someLedger = async (): Promise<void> =>
  fill(ledger, [{ name: 'a', findings: [finding('r1', 'error')] }, { name: 'b' }]);

describe('leaves the earlier export as it was', () => {
  let before: number;
  beforeEach(async () => {
    await someLedger();
    await exported();
    before = statSync(join(tables(), 'verdicts.parquet')).ino;
  });
  const expectUntouched = (): void => {
    expect(readdirSync(tables()).toSorted()).toEqual(FILES);
    expect(statSync(join(tables(), 'verdicts.parquet')).ino).toBe(before);
  };
  /** An export that has written one table, and waits for the next while something happens to it. */
  const meanwhile = async (happens: (run: Running) => Promise<void>): Promise<unknown> => {
    const other = await Ledger.open(postgres.url, () => undefined);
    const locker = await other.pool.connect();
    try {
      await locker.query('begin; lock table tarwarden_sweep.occurrence');
      const run = start(sandbox, exporting);
      const waiting = `select pid from pg_stat_activity where wait_event_type = 'Lock'`;
      while ((await ledger.pool.query(waiting)).rows.length === 0) await wait(20);
      expect(readdirSync(tables()).length).toBe(2 * FILES.length);
      await happens(run);
      return await run.ended;
    } finally {
      locker.release(true);
      await other.close();
    }
  };

  test('when it is stopped', async () => {
    const ended = await meanwhile(async ({ child }) => {
      child.kill('SIGINT');
    });
    expect(ended).toMatchObject({ code: 2, stderr: 'tarwarden: stopped; nothing was written\n' });
    expectUntouched();
  });

  test('when PostgreSQL goes away', async () => {
    const ended = await meanwhile(() => postgres.restart());
    expect(ended).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^tarwarden: the ledger postgres:\/\/\S+ cannot be used: .+\n$/,
      ) as string,
    });
    expectUntouched();
  });

  test('when the ledger has what no worker wrote', async () => {
    await ledger.pool.query(
      `update tarwarden_sweep.verdict set findings = 'no list' where findings is not null`,
    );
    expect(await exported()).toMatchObject({
      code: 2,
      stderr: 'tarwarden: the ledger has "findings" that cannot be read\n',
    });
    expectUntouched();
  });
});

describe('writes', () => {
  test('through no link, and to no folder', async () => {
    mkdirSync(tables());
    const target = join(sandbox.root, 'target');
    writeFileSync(target, 'mine');
    symlinkSync(target, join(tables(), 'findings.parquet'));
    const { code, stderr } = await exported();
    expect([code, stderr]).toEqual([
      2,
      'tarwarden: tables/findings.parquet was not written: it is not a regular file\n',
    ]);
    expect(readFileSync(target, 'utf8')).toBe('mine');
    expect(lstatSync(join(tables(), 'findings.parquet')).isSymbolicLink()).toBe(true);
    expect(readdirSync(tables())).toEqual(['findings.parquet']);
  });

  test('not into a file that has the name of the folder', async () => {
    writeFileSync(tables(), 'mine');
    expect(await exported()).toMatchObject({
      code: 2,
      stderr: 'tarwarden: tables cannot be the folder: EEXIST\n',
    });
  });

  test('one thing at a time', async () => {
    const args = ['sweep', 'export', '--ledger', postgres.url];
    for (const more of [[], ['--out', 'set', '--parquet', 'tables']])
      expect(await tarwarden(sandbox, [...args, ...more])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('export needs --out FILE or --parquet FOLDER'),
      });
    expect(existsSync(tables())).toBe(false);
  });

  test('a set of what was signed, line by line', async () => {
    await fill(
      ledger,
      [0, 1, 2].map((at) => ({ name: `s${at}`, envelope: `{"at":${at}}` })),
    );
    expect(
      await tarwarden(sandbox, ['sweep', 'export', '--ledger', postgres.url, '--out', 'set']),
    ).toMatchObject({ code: 0, stderr: 'tarwarden: 3 signed verdicts\n' });
    const lines = readFileSync(join(sandbox.project, 'set'), 'utf8').split('\n');
    expect(lines.toSorted()).toEqual(['', '{"at":0}', '{"at":1}', '{"at":2}']);
  });
});

test('a page goes to the output or to a file', async () => {
  await someLedger();
  const args = ['sweep', 'report', '--reporter', 'html', '--ledger', postgres.url];
  const { code, stdout } = await tarwarden(sandbox, args);
  expect([code, stdout.slice(0, 15)]).toEqual([0, '<!doctype html>']);
  expect(await tarwarden(sandbox, [...args, '--out', 'report.html'])).toMatchObject({
    code: 0,
    stdout: '',
  });
  expect(readFileSync(join(sandbox.project, 'report.html'), 'utf8')).toContain('</html>\n');
});

test.each(['2026-02-30', '0000-01-01', '2026-1-1', 'yesterday'])('%s is not a day', async (day) => {
  const args = ['sweep', 'report', '--since', day, '--ledger', postgres.url];
  expect(await tarwarden(sandbox, args)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--since must be a day'),
  });
});
