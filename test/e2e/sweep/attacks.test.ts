// @module-tag redis
// @module-tag postgresql
/* What whoever can write to the queue, a publisher, or an operator's mistake must not do to a sweep. */
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Ledger } from '../../../packages/server/src/sweep/ledger/ledger.ts';
import type { Result } from '../../support/execute.ts';
import { tgz } from '../../support/pkg.ts';
import { sri, startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { startPostgres, startRedis, type Server } from '../../support/servers.ts';
import { hostile } from '../policy/world.ts';
import { start, tarwarden } from './support.ts';

let registry: Registry;
let redis: Server;
let postgres: Server;
let ledger: Ledger;
beforeAll(async () => {
  [registry, redis, postgres] = await Promise.all([startRegistry(), startRedis(), startPostgres()]);
  ledger = await Ledger.open(postgres.url, () => undefined);
});
afterAll(async () => {
  await ledger.close();
  await Promise.all([registry.close(), redis.close(), postgres.close()]);
});

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = makeSandbox({ registry: registry.url });
  for (const table of ['verdict', 'occurrence', 'not_inspected', 'task', 'cursor', 'envelope'])
    await ledger.pool.query(`delete from tarwarden_sweep.${table}`);
  return () => sandbox.dispose();
});

const servers = () => ['--queue', redis.url, '--ledger', postgres.url, '--registry', registry.url];

async function run(source: string, ...more: readonly string[]): Promise<Result> {
  return tarwarden(sandbox, ['sweep', 'run', '--source', source, ...servers(), ...more]);
}

function write(path: string, bytes: Uint8Array | string): string {
  const file = join(sandbox.root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

async function rows(text: string): Promise<Record<string, unknown>[]> {
  return (await ledger.pool.query<Record<string, unknown>>(text)).rows;
}

/** As whoever reaches the port may. */
async function redisSays(...words: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(redis.url).port), '127.0.0.1');
  const parts = words.map((one) => `$${Buffer.byteLength(one)}\r\n${one}\r\n`);
  socket.write(`*${words.length}\r\n${parts.join('')}`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString();
}

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await wait(50);
};

const task = async (): Promise<boolean> =>
  (await rows('select from tarwarden_sweep.task')).length > 0;

test('a task that was rewritten in the queue ends no other task', async () => {
  registry.publish({ name: 'evil-one', tgz: hostile });
  const args = ['--source', `list:${write('list', 'evil-one\n')}`, '--only-queue'];
  const running = start(sandbox, ['sweep', 'run', ...args, ...servers()]);
  const key = 'bull:tarwarden-sweep-default-*:t-*';
  let job: string | undefined;
  await until(async () => {
    job = /bull:\S+/.exec(await redisSays('KEYS', key))?.[0];
    return job !== undefined;
  });
  const { id } = JSON.parse((await redisSays('HGET', job!, 'data')).split('\r\n')[1]!) as {
    id: string;
  };
  await redisSays('HSET', job!, 'data', JSON.stringify({ kind: 'files', paths: [], id }));
  const worker = start(sandbox, ['sweep', 'worker', ...servers()]);
  expect(await running.ended).toMatchObject({
    code: 1,
    stdout: '1 verdicts in the ledger, of which 1 reject; 0 not inspected\n',
  });
  worker.child.kill('SIGTERM');
  await worker.ended;
});

test('archives of one folder are not taken for those of another', async () => {
  write('a/x.tgz', hostile);
  write('b/x.tgz', tgz({ name: 'good', version: '1.0.0' }));
  const [a, b] = [`folder:${join(sandbox.root, 'a')}`, `folder:${join(sandbox.root, 'b')}`];
  const first = start(sandbox, ['sweep', 'run', '--source', a, '--only-queue', ...servers()]);
  await until(task);
  first.child.kill('SIGTERM');
  await first.ended;
  expect(await run(b)).toMatchObject({
    code: 2,
    stdout: '1 verdicts in the ledger, of which 0 reject; 1 not inspected\n',
  });
  expect(await rows('select item, reason from tarwarden_sweep.not_inspected')).toEqual([
    {
      item: expect.stringMatching(/^x\.tgz \([0-9a-f]{12}\)$/) as string,
      reason: 'it is in another folder than the one that this worker was given',
    },
  ]);
  // Goes on behind what it had planned, and begins anew after that.
  expect(await run(a)).toMatchObject({ code: 2 });
  expect(await run(a)).toMatchObject({
    code: 1,
    stdout: '2 verdicts in the ledger, of which 1 reject; 0 not inspected\n',
  });
});

test('addresses that differ in their query are listed each', async () => {
  const list = write('list', 'http://127.0.0.1:1/q.tgz?a=1\nhttp://127.0.0.1:1/q.tgz?b=2\n');
  expect(await run(`list:${list}`)).toMatchObject({
    code: 2,
    stdout: '0 verdicts in the ledger, of which 0 reject; 2 not inspected\n',
  });
});

test('versions that share a file are inspected each', async () => {
  const bytes = tgz({ name: 'left', version: '1.0.0' });
  const dist = { tarball: 'http://localhost:4873/left/-/left-1.0.0.tgz', integrity: sri(bytes) };
  const versions = { '1.0.0': { dist }, '6.6.6': { dist } };
  write('storage/left/package.json', JSON.stringify({ versions }));
  write('storage/left/left-1.0.0.tgz', bytes);
  expect(await run(`verdaccio:${join(sandbox.root, 'storage')}`)).toMatchObject({ code: 1 });
  const found = await rows('select version from tarwarden_sweep.occurrence order by version');
  expect(found).toEqual([{ version: '1.0.0' }, { version: '6.6.6' }]);
});
