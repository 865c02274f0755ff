// @module-tag redis
// @module-tag postgresql
/* A run that stays with a feed, and what Prometheus reads of it and of a worker. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Ledger } from '../../../packages/server/src/sweep/ledger/ledger.ts';
import { hostile } from '../policy/world.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { startPostgres, startRedis, type Server } from '../../support/servers.ts';
import { start, startFeed, tarwarden, type Feed, type Running } from './support.ts';

let registry: Registry;
let redis: Server;
let postgres: Server;
let ledger: Ledger;
let feed: Feed;
let sandbox: Sandbox;
beforeAll(async () => {
  [registry, redis, postgres] = await Promise.all([startRegistry(), startRedis(), startPostgres()]);
  ledger = await Ledger.open(postgres.url, () => undefined);
  feed = await startFeed(registry);
  sandbox = makeSandbox({ registry: registry.url });
});
afterAll(async () => {
  feed.close();
  await ledger.close();
  await Promise.all([registry.close(), redis.close(), postgres.close()]);
  sandbox.dispose();
});

const common = (): string[] => [
  `--queue=${redis.url}`,
  `--ledger=${postgres.url}`,
  `--registry=${registry.url}`,
  '--metrics=127.0.0.1:0',
];

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await wait(50);
}

async function inLedger(name: string, version: string): Promise<boolean> {
  const { rowCount } = await ledger.pool.query(
    'select from tarwarden_sweep.occurrence where name = $1 and version = $2',
    [name, version],
  );
  return rowCount === 1;
}

async function metricsOf(running: Running, said: string): Promise<Map<string, number>> {
  const address = /http:\S+/.exec(said)![0];
  const text = await (await fetch(address)).text();
  expect(running.child.exitCode).toBeNull();
  const lines = text.split('\n').filter((line) => line.startsWith('tarwarden_sweep_'));
  // A name would be in the labels of what it counts.
  expect(lines.join('\n')).not.toMatch(/fed|evil|fresh/);
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(/\S+$/.exec(line)![0])]),
  );
}

test('inspects what changes until it is stopped, and waits for a feed that is away', async () => {
  feed.change('fed', '1.0.0');
  const args = ['sweep', 'run', '--source', feed.source, '--follow', '--interval', '1'];
  const run = start(sandbox, [...args, ...common()]);
  const said = await run.said('metrics at');
  await until(async () => inLedger('fed', '1.0.0'));
  feed.isAway = true;
  expect(await run.said('asked again')).toBe(
    'tarwarden: the feed does not answer: it answered 503; it is asked again in 1 s',
  );
  feed.isAway = false;
  const before = registry.downloads().length;
  feed.change('fresh', '1.0.0');
  registry.publish({ name: 'evil', tgz: hostile });
  feed.change('fed', '2.0.0');
  await until(async () => inLedger('fed', '2.0.0'));
  await until(async () => inLedger('fresh', '1.0.0'));
  expect(registry.downloads().slice(before).toSorted()).toEqual([
    '/fed/-/fed-2.0.0.tgz',
    '/fresh/-/fresh-1.0.0.tgz',
  ]);
  const metrics = await metricsOf(run, said);
  expect(metrics.get('tarwarden_sweep_inspected_total{result="accept"}')).toBe(3);
  expect(metrics.get('tarwarden_sweep_upstream_requests_total{status="200"}')).toBe(6);
  expect(metrics.get('tarwarden_sweep_queue_up')).toBe(1);
  // It idles between two readings, unless it is unlucky.
  await wait(400);
  run.child.kill('SIGTERM');
  const { code, stdout } = await run.ended;
  expect(stdout).toMatch(/^3 verdicts in the ledger/);
  expect(code).toBe(0);
});

test('a worker shows the queue that is away, and ends without it', async () => {
  const worker = start(sandbox, ['sweep', 'worker', ...common(), '--name', 'other']);
  const said = await worker.said('metrics at');
  await worker.said('works on the sweep');
  const gone = await metricsOf(worker, said);
  expect(gone.get('tarwarden_sweep_queue_tasks{state="waiting"}')).toBe(0);
  await redis.stop();
  expect((await metricsOf(worker, said)).get('tarwarden_sweep_queue_up')).toBe(0);
  await redis.restart();
  await until(async () => (await metricsOf(worker, said)).get('tarwarden_sweep_queue_up') === 1);
  await redis.stop();
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toMatchObject({ code: 0 });
});

test.each([
  [['--follow', '--source', 'folder:.'], '--follow needs feed:ADDRESS'],
  [['--metrics', 'nowhere', '--source', 'feed:http://127.0.0.1:1/'], '--metrics must be HOST:PORT'],
])('%j is an error', async (args, message) => {
  const servers = ['--queue', redis.url, '--ledger', postgres.url];
  const { code, stderr } = await tarwarden(sandbox, ['sweep', 'run', ...servers, ...args]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});
