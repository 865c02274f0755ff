// @module-tag redis
// @module-tag postgresql
/* Whole sweeps: workers that are killed, servers that go away, and what the ledger has at the end. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Ledger } from '../../../packages/server/src/sweep/ledger/ledger.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { startPostgres, startRedis, type Server } from '../../support/servers.ts';
import { hostileIn, publishMany, start, tarwarden } from './support.ts';

const COUNT = process.env['TARWARDEN_E2E_FULL'] === '1' ? 5_000 : 300;

let registry: Registry;
let redis: Server;
let postgres: Server;
let names: string[];
let ledger: Ledger;
beforeAll(async () => {
  [registry, redis, postgres] = await Promise.all([startRegistry(), startRedis(), startPostgres()]);
  names = publishMany(registry, COUNT);
  ledger = await Ledger.open(postgres.url, () => undefined);
});
afterAll(async () => {
  await ledger.close();
  await Promise.all([registry.close(), redis.close(), postgres.close()]);
});

let sandbox: Sandbox;
let number = 0;
beforeEach(() => {
  sandbox = makeSandbox({ registry: registry.url });
  number += 1;
  return () => sandbox.dispose();
});

const SCHEMA = 'tarwarden_sweep';
const queues = { redis: () => redis.url, postgres: () => postgres.url };

function listOf(lines: readonly string[]): string {
  const file = join(sandbox.root, 'list.txt');
  writeFileSync(file, lines.join('\n'));
  return `list:${file}`;
}

function common(queue: string): string[] {
  const servers = ['--queue', queue, '--ledger', postgres.url, '--registry', registry.url];
  return [...servers, '--name', `sweep-${number}`, '--lock', '3'];
}

const rows = async <Row extends object>(text: string): Promise<Row[]> =>
  (await ledger.pool.query<Row>(text)).rows;

/** Package versions of this sweep that have a verdict, by their own count. */
async function inLedger(): Promise<number> {
  const [row] = await rows<{ count: number }>(
    `select count(*)::int as count from ${SCHEMA}.occurrence where source = 'sweep-${number}'`,
  ).catch(() => []);
  return row?.count ?? 0;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await wait(50);
}

async function clear(): Promise<void> {
  for (const table of ['verdict', 'occurrence', 'not_inspected', 'task', 'cursor', 'envelope'])
    await rows(`delete from ${SCHEMA}.${table}`);
}

describe.each(['redis', 'postgres'] as const)('a queue on %s', (kind) => {
  beforeEach(clear);

  test('has each archive inspected once, though a worker is killed and a server goes away', async () => {
    const queue = queues[kind]();
    const workers = [0, 1].map(() => start(sandbox, ['sweep', 'worker', ...common(queue)]));
    await Promise.all(workers.map((one) => one.said('works on the sweep')));
    const args = ['sweep', 'run', '--only-queue', '--source', listOf(names), ...common(queue)];
    const run = start(sandbox, args);
    await until(async () => (await inLedger()) >= COUNT / 10);
    // Redis comes back with nothing in it; PostgreSQL with all, and is the ledger as well.
    await (kind === 'redis' ? redis : postgres).restart();
    await until(async () => (await inLedger()) >= COUNT / 2);
    workers[0]!.child.kill('SIGKILL');
    const { code, stdout, stderr } = await run.ended;
    workers[1]!.child.kill('SIGTERM');
    expect(stderr).not.toContain('cannot be used');
    expect([code, stdout]).toEqual([
      1,
      `${COUNT} verdicts in the ledger, of which ${hostileIn(names).length} reject; 0 not inspected\n`,
    ]);
    expect(await workers[1]!.ended).toMatchObject({ code: 0 });
    expect(await inLedger()).toBe(COUNT);
    expect(await rows(`select from ${SCHEMA}.task`)).toEqual([]);
    const rejected = await rows<{ name: string }>(
      `select name from ${SCHEMA}.occurrence join ${SCHEMA}.verdict using (sha512)
       where status = 'reject' and 'duplicate-path' = any(rules)`,
    );
    expect(new Set(rejected.map(({ name }) => name))).toEqual(new Set(hostileIn(names)));
  });

  test('goes on where a run was stopped', async () => {
    const args = [
      'sweep',
      'run',
      '--source',
      listOf(names),
      '--backlog',
      '1',
      ...common(queues[kind]()),
    ];
    const run = start(sandbox, [...args, '--concurrency', '1']);
    await until(async () => (await inLedger()) >= COUNT / 10);
    run.child.kill('SIGTERM');
    expect((await run.ended).code).toBe(2);
    const before = await inLedger();
    expect(before).toBeLessThan(COUNT);
    const downloads = registry.downloads().length;
    expect(await tarwarden(sandbox, args)).toMatchObject({ code: 1 });
    expect(await inLedger()).toBe(COUNT);
    expect(registry.downloads().length - downloads).toBe(COUNT - before);
  });
});

test('finds nothing new where all is known, and new versions afterwards', async () => {
  await clear();
  registry.publish({ name: 'first' });
  const run = async (): Promise<unknown> => {
    const args = ['sweep', 'run', '--source', listOf(['first', 'second']), ...common(redis.url)];
    const { code, stdout } = await tarwarden(sandbox, args);
    return [code, stdout];
  };
  expect(await run()).toEqual([
    2,
    '1 verdicts in the ledger, of which 0 reject; 1 not inspected\n',
  ]);
  const before = registry.downloads().length;
  registry.publish({ name: 'second' });
  expect(await run()).toEqual([
    0,
    '2 verdicts in the ledger, of which 0 reject; 0 not inspected\n',
  ]);
  expect(registry.downloads().slice(before)).toEqual(['/second/-/second-1.0.0.tgz']);
});

test('does no more tasks in a second than it is allowed to', async () => {
  await clear();
  const some = names.slice(0, 4);
  const args = ['sweep', 'run', '--source', listOf(some), ...common(postgres.url), '--rate', '1'];
  expect(await tarwarden(sandbox, args)).toMatchObject({ code: 0 });
  const [row] = await rows<{ seconds: number }>(
    `select extract(epoch from max(inspected) - min(inspected))::float8 as seconds
     from ${SCHEMA}.verdict`,
  );
  expect(row!.seconds).toBeGreaterThan(2);
});
