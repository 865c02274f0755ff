// @module-tag redis
// @module-tag postgresql
/* Sweeps of folders, of a verdaccio's storage and of a feed; signed sets; reports. With a copy of the program: nothing of the repository is near. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Ledger } from '../../../packages/server/src/sweep/ledger/ledger.ts';
import { execute, type Result } from '../../support/execute.ts';
import { tgz } from '../../support/pkg.ts';
import { sri, startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { startPostgres, startRedis, type Server } from '../../support/servers.ts';
import { hostile } from '../policy/world.ts';
import { believe, tarwarden as guard } from '../verdicts/support.ts';
import { program, startFeed } from './support.ts';

let registry: Registry;
let redis: Server;
let postgres: Server;
let ledger: Ledger;
let copied: Sandbox;
beforeAll(async () => {
  [registry, redis, postgres] = await Promise.all([startRegistry(), startRedis(), startPostgres()]);
  ledger = await Ledger.open(postgres.url, () => undefined);
  copied = makeSandbox({ registry: registry.url });
  cpSync(dirname(program), join(copied.root, 'copy'), { recursive: true });
});
afterAll(async () => {
  await ledger.close();
  await Promise.all([registry.close(), redis.close(), postgres.close()]);
  copied.dispose();
});

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = makeSandbox({ registry: registry.url });
  for (const table of ['verdict', 'occurrence', 'not_inspected', 'task', 'cursor', 'envelope'])
    await ledger.pool.query(`delete from tarwarden_sweep.${table}`);
  return () => sandbox.dispose();
});

async function tarwarden(...args: readonly string[]): Promise<Result> {
  const main = join(copied.root, 'copy', 'tarwarden-server.js');
  return execute(process.execPath, [main, ...args], { cwd: sandbox.project, env: sandbox.env });
}

async function run(source: string, ...more: readonly string[]): Promise<Result> {
  const servers = ['--queue', redis.url, '--ledger', postgres.url, '--registry', registry.url];
  return tarwarden('sweep', 'run', '--source', source, ...servers, ...more);
}

function write(path: string, bytes: Uint8Array | string): void {
  const file = join(sandbox.root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

async function occurrences(): Promise<string[]> {
  const { rows } = await ledger.pool.query<{ name: string; version: string; status: string }>(
    `select name, version, status from tarwarden_sweep.occurrence
     join tarwarden_sweep.verdict using (sha512) order by name, version`,
  );
  return rows.map(({ name, version, status }) => `${name}@${version} ${status}`);
}

test('a folder', async () => {
  write('folder/good.tgz', tgz({ name: 'good', version: '1.2.3' }));
  write('folder/deep/evil.tgz', hostile);
  write('folder/noise.tgz', 'noise');
  // Characters that no database takes.
  write('folder/odd.tgz', tgz({ name: '\uD800\u0000', version: '\u0000' }));
  expect(await run(`folder:${join(sandbox.root, 'folder')}`)).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^4 verdicts .*; 0 not inspected\n$/) as unknown,
  });
  expect(await occurrences()).toEqual([
    expect.stringContaining('\\ud800\\x00@\\x00'),
    'evil@1.0.0 reject',
    'good@1.2.3 accept',
    'noise.tgz@ reject',
  ]);
});

test('a storage of verdaccio: versions by name and integrity, other files as well', async () => {
  const right = tgz({ name: 'left', version: '1.0.0' });
  const other = tgz({ name: 'other', version: '2.0.0' });
  const dist = (file: string, bytes: Uint8Array): object => ({
    dist: { tarball: `http://localhost:4873/left/-/${file}`, integrity: sri(bytes) },
  });
  const versions = {
    '1.0.0': dist('left-1.0.0.tgz', right),
    '2.0.0': dist('left-2.0.0.tgz', other),
    '3.0.0': dist('left-3.0.0.tgz', right),
  };
  write('storage/left/package.json', JSON.stringify({ versions }));
  write('storage/left/left-1.0.0.tgz', right);
  write('storage/left/left-2.0.0.tgz', other);
  write('storage/left/left-3.0.0.tgz', other);
  write('storage/left/forgotten.tgz', hostile);
  expect(await run(`verdaccio:${join(sandbox.root, 'storage')}`)).toMatchObject({ code: 1 });
  expect(await occurrences()).toEqual([
    'evil@1.0.0 reject',
    'left@1.0.0 accept',
    'left@2.0.0 reject',
  ]);
  const { stdout } = await tarwarden('sweep', 'report', '--ledger', postgres.url);
  expect(stdout).toContain('it is not what its integrity says');
});

test('signed verdicts, exported without the key, are believed where it is pinned', async () => {
  registry.publish({ name: 'signed', manifest: { _npmVersion: '10.9.2' } });
  registry.publish({ name: 'signed', version: '2.0.0', tgz: hostile });
  write('names.txt', 'signed\n');
  const list = `list:${join(sandbox.root, 'names.txt')}`;
  expect(await run(list)).toMatchObject({ code: 1 });
  const key = join(sandbox.root, 'key.pem');
  const made = await guard(sandbox, ['keys', 'generate', '--out', key, '--reporter', 'json']);
  const { pin } = JSON.parse(made.stdout) as { pin: { key: string } };
  const storage = join(sandbox.root, 'storage');
  expect(await run(list, '--key', key, '--storage', storage)).toMatchObject({ code: 1 });
  const set = join(sandbox.root, 'set.ndjson');
  await tarwarden('sweep', 'export', '--ledger', postgres.url, '--out', set);
  expect(readFileSync(set, 'utf8').trim().split('\n')).toHaveLength(2);
  believe(sandbox, { keys: [pin] });
  expect(await guard(sandbox, ['verdicts', 'import', set])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('2 verdicts taken') as unknown,
  });
  const { rows } = await ledger.pool.query(`select from tarwarden_sweep.verdict`);
  expect(rows).toHaveLength(2);
  const json = await tarwarden('sweep', 'report', '--ledger', postgres.url, '--reporter', 'json');
  expect(JSON.parse(json.stdout)).toMatchObject({
    verdicts: 2,
    rejected: 1,
    byYear: [{ key: '2020', count: 2, rejected: 1 }],
    byPacker: [
      { key: 'npm 10', count: 1, rejected: 0 },
      { key: 'unknown', count: 1, rejected: 1 },
    ],
    newlyRejected: { archives: 1, newest: [{ name: 'signed', version: '2.0.0' }] },
  });
});

test('a feed: goes on with what has changed', async () => {
  const feed = await startFeed(registry);
  try {
    feed.change('fed', '1.0.0');
    expect(await run(feed.source)).toMatchObject({ code: 0 });
    feed.change('fed', '2.0.0');
    feed.change('fresh', '1.0.0');
    const before = registry.downloads().length;
    expect(await run(feed.source)).toMatchObject({ code: 0 });
    expect(registry.downloads().slice(before).toSorted()).toEqual([
      '/fed/-/fed-2.0.0.tgz',
      '/fresh/-/fresh-1.0.0.tgz',
    ]);
  } finally {
    feed.close();
  }
});

test('tarballs at hosts that nobody named are not fetched', async () => {
  const elsewhere = await startRegistry();
  const address = elsewhere.publish({ name: 'away' });
  registry.publish({ name: 'away', tarball: address });
  write('names.txt', `away\n${address}\n`);
  const list = `list:${join(sandbox.root, 'names.txt')}`;
  expect(await run(list)).toMatchObject({ code: 2 });
  expect(elsewhere.log).toEqual([]);
  const host = new URL(elsewhere.url).host;
  expect(await run(list, '--allow-host', host)).toMatchObject({ code: 0 });
  await elsewhere.close();
});

test.each([
  [
    ['--ledger', 'postgres://127.0.0.1:1/none'],
    'the ledger postgres://127.0.0.1:1/none cannot be used',
  ],
  [['--ledger', 'mysql://x'], '--ledger must be'],
])('%j is an error', async (args, message) => {
  const { code, stderr } = await tarwarden('sweep', 'report', ...args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test.each([
  [['--queue', 'redis://127.0.0.1:1'], 'cannot be used'],
  [['--queue', 'http://x'], 'the queue must be'],
  [['--name', 'a b'], '--name may have'],
  [['--backlog', '0'], '--backlog must be'],
])('a run with %j is an error', async (args, message) => {
  write('names.txt', '');
  const { code, stderr } = await run(`list:${join(sandbox.root, 'names.txt')}`, ...args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});
