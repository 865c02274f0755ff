// @module-tag redis
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { contentOf } from '../../../packages/server/src/gateway/cache/cache-store.ts';
import { FolderStore } from '../../../packages/server/src/gateway/cache/folder-store.ts';
import { gemOf } from '../../support/gem.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { sdist } from '../../support/sdist.ts';
import { startRedis, type Server } from '../../support/servers.ts';
import { wheel } from '../../support/wheel.ts';
import { hostile } from '../policy/world.ts';
import { linesIn, linesOf, startSweep, until, type Ended, type Running } from './support.ts';

let redis: Server;
/** Each test has a database of its own. */
let database = 0;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => redis.close());

let registry: Registry;
let sandbox: Sandbox;
/** While it is set, the registry does not answer for tarballs of packages whose name begins with "held". */
let hold: Promise<void> | undefined;
let isHeld: boolean;
let release: () => void;
let running: Running[];
beforeEach(async () => {
  hold = undefined;
  release = () => undefined;
  isHeld = false;
  registry = await startRegistry({
    hold: (path) => {
      if (hold === undefined || !/\/held[^/]*\.tgz$/.test(path)) return undefined;
      isHeld = true;
      return hold;
    },
  });
  sandbox = makeSandbox();
  running = [];
  database += 1;
});
afterEach(async () => {
  release();
  for (const started of running) started.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  await registry.close();
  sandbox.dispose();
});

function holdTarballs(): void {
  hold = new Promise((resolve) => (release = resolve));
}

/** Publishes packages, and writes the list of their names. */
function publish(...names: readonly string[]): void {
  for (const name of names)
    registry.publish({ name, ...(name.startsWith('hostile') && { tgz: hostile }) });
  list(...names);
}

function list(...lines: readonly string[]): void {
  sandbox.write({ 'list.txt': `# packages\n\n${lines.join('\n')}\n` });
}

function start(action: 'run' | 'worker', ...args: readonly string[]): Running {
  const queue = `${redis.url}/${database}`;
  const common = [action, '--queue', queue, '--registry', registry.url];
  const started = startSweep(sandbox, [...common, ...args]);
  running.push(started);
  return started;
}

async function sweep(...args: readonly string[]): Promise<Ended> {
  return start('run', ...args).ended;
}

const byPath = (text: string): Record<string, string> =>
  Object.fromEntries(linesIn(text).map(({ path, status }) => [path, status]));

test('a list becomes verdicts, and a hostile archive makes the exit code 1', async () => {
  publish('clean', '@scope/clean', 'hostile');
  registry.publish({ name: 'clean', version: '2.0.0' });
  const { code, stdout, stderr } = await sweep('--list', 'list.txt');
  expect(stderr).toContain('3 accepted, 1 rejected, 0 not inspected');
  expect(code).toBe(1);
  expect(byPath(stdout)).toEqual({
    'clean@1.0.0': 'accept',
    'clean@2.0.0': 'accept',
    '@scope/clean@1.0.0': 'accept',
    'hostile@1.0.0': 'reject',
  });
  expect(linesIn(stdout).find(({ path }) => path === 'clean@1.0.0')).toMatchObject({
    id: expect.stringMatching(/^s-[0-9a-f]{40}$/),
    ruleset: expect.any(String),
    policy: expect.stringMatching(/^[0-9a-f]+$/),
    format: 'npm',
    sha512: expect.stringMatching(/^[0-9a-f]{128}$/),
    findings: [],
    package: { name: 'clean', version: '1.0.0' },
  });
});

test('an archive without a verdict makes the exit code 2, and the next run tries it again', async () => {
  publish('clean');
  const elsewhere = 'http://127.0.0.1:9/elsewhere.tgz';
  registry.publish({ name: 'elsewhere', tarball: elsewhere });
  list('clean@1.0.0', 'clean@3.0.0', 'absent', 'elsewhere', `${registry.url}/none.tgz`);
  const { code, stdout } = await sweep('--list', 'list.txt', '--out', 'verdicts.ndjson');
  expect(code).toBe(2);
  expect(stdout).toBe('');
  const out = join(sandbox.project, 'verdicts.ndjson');
  expect(byPath(readFileSync(out, 'utf8'))).toEqual({
    'clean@1.0.0': 'accept',
    'clean@3.0.0': 'error',
    absent: 'error',
    'elsewhere@1.0.0': 'error',
    [`${registry.url}/none.tgz`]: 'error',
  });
  expect(registry.downloads()).not.toContain('/elsewhere.tgz');

  for (const name of ['absent', 'clean']) registry.publish({ name, version: '3.0.0' });
  list('clean@1.0.0', 'clean@3.0.0', 'absent');
  const again = await sweep('--list', 'list.txt', '--out', 'verdicts.ndjson');
  expect(again.stderr).toContain('3 accepted, 0 rejected, 0 not inspected');
  expect(again.code).toBe(0);
  expect(linesOf(out)).toHaveLength(3);
  expect(registry.downloads().filter((path) => path === '/clean/-/clean-1.0.0.tgz')).toHaveLength(
    1,
  );
});

test('a killed run continues with the same file', async () => {
  publish('clean', 'hostile', 'held-a', 'held-b');
  holdTarballs();
  const out = join(sandbox.project, 'verdicts.ndjson');
  const first = start('run', '--list', 'list.txt', '--out', out);
  await until(() => linesOf(out).length === 2);
  first.kill('SIGKILL');
  await first.ended;
  release();
  const second = await sweep('--list', 'list.txt', '--out', out);
  expect(second.stderr).toContain('continues: 1 accepted, 1 rejected');
  expect(second.stderr).toContain('3 accepted, 1 rejected, 0 not inspected');
  expect(second.code).toBe(1);
  expect(new Set(linesOf(out).map(({ id }) => id)).size).toBe(4);
  expect(linesOf(out)).toHaveLength(4);
  expect(registry.downloads().filter((path) => path.includes('clean'))).toHaveLength(1);
});

test('a worker in another process inspects for the run', async () => {
  publish('clean', 'held');
  const worker = start('worker');
  await worker.said('the worker waits for archives');
  const { code, stdout } = await sweep('--list', 'list.txt', '--only-queue');
  expect(byPath(stdout)).toEqual({ 'clean@1.0.0': 'accept', 'held@1.0.0': 'accept' });
  expect(code).toBe(0);

  // It ends when the archive that it has begun is finished.
  holdTarballs();
  publish('held-again');
  const run = start('run', '--list', 'list.txt', '--only-queue');
  await until(() => isHeld);
  worker.kill('SIGTERM');
  release();
  await expect(worker.ended).resolves.toMatchObject({ code: 0 });
  await expect(run.ended).resolves.toMatchObject({ code: 0 });
});

test('a run that is stopped writes what it has begun, ends with 2, and can be continued', async () => {
  publish('clean', 'held');
  holdTarballs();
  const out = join(sandbox.project, 'verdicts.ndjson');
  const run = start('run', '--list', 'list.txt', '--out', out, '--concurrency', '1');
  await until(() => isHeld);
  run.kill('SIGINT');
  release();
  const { code, stderr } = await run.ended;
  expect(stderr).toContain('the sweep was stopped');
  expect(code).toBe(2);
  expect(linesOf(out).map(({ path }) => path)).toContain('held@1.0.0');
  const again = await sweep('--list', 'list.txt', '--out', out);
  expect(again.stderr).toContain('2 accepted, 0 rejected, 0 not inspected');
  expect(again.code).toBe(0);
});

test('a queue that comes back empty is filled again', async () => {
  publish('clean', 'held-a', 'held-b');
  holdTarballs();
  const run = start('run', '--list', 'list.txt', '--concurrency', '1');
  await until(() => isHeld);
  await redis.restart();
  release();
  const { code, stdout } = await run.ended;
  expect(Object.keys(byPath(stdout)).toSorted()).toEqual([
    'clean@1.0.0',
    'held-a@1.0.0',
    'held-b@1.0.0',
  ]);
  expect(linesIn(stdout)).toHaveLength(3);
  expect(code).toBe(0);
});

test('the archives of a cache are inspected in the format that they have', async () => {
  const folder = join(sandbox.root, 'cache');
  const store = new FolderStore({ folder, bytesMax: 1e9, onError: () => undefined });
  const key = (name: string): string => hash('sha256', name);
  const clean = { npm: tgz({ name: 'clean' }), wheel: wheel(), gem: gemOf(), sdist: sdist() };
  const contents = { ...clean, hostile, document: '{"a":1}' };
  for (const [name, bytes] of Object.entries(contents))
    await store.put(key(name), contentOf(Buffer.from(bytes)));
  await store.close();
  const { code, stdout } = await sweep('--cache', folder);
  expect(
    Object.fromEntries(linesIn(stdout).map(({ path, format, status }) => [path, [format, status]])),
  ).toEqual({
    [key('npm')]: ['npm', 'accept'],
    [key('wheel')]: ['wheel', 'accept'],
    [key('gem')]: ['gem', 'accept'],
    [key('sdist')]: ['sdist', 'accept'],
    [key('hostile')]: ['npm', 'reject'],
  });
  expect(code).toBe(1);
});

test('a second run on the queue, a wrong list and a missing Redis end with 2', async () => {
  publish('held');
  holdTarballs();
  const first = start('run', '--list', 'list.txt');
  await until(() => isHeld);
  const [second, wrong, away] = await Promise.all([
    sweep('--list', 'list.txt'),
    (async () => {
      sandbox.write({ 'wrong.txt': 'clean\n../etc/passwd\n' });
      return sweep('--list', 'wrong.txt');
    })(),
    start('run', '--list', 'list.txt', '--queue', 'redis://127.0.0.1:9').ended,
  ]);
  expect(second).toMatchObject({ code: 2, stdout: '' });
  expect(second.stderr).toContain('another run uses this queue');
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toContain('line 2 of the list is neither');
  expect(away).toMatchObject({ code: 2, stdout: '' });
  expect(away.stderr).toContain('did not answer within');
  release();
  await expect(first.ended).resolves.toMatchObject({ code: 0 });
});
