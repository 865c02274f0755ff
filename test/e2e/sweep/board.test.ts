// @module-tag redis
// @module-tag postgresql
/* The board over HTTP, with a queue on each of the servers. */
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { RULESET } from '@tarwarden/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TaskQueue } from '../../../packages/server/src/sweep/queue.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { startPostgres, startRedis, type Server } from '../../support/servers.ts';
import { start, tarwarden, type Running } from './support.ts';

const PASSWORD = 'a long password';
const ID = `t-${'1'.repeat(40)}`;
const TASKS = [
  { id: ID, kind: 'package', name: 'left-pad' },
  {
    id: `t-${'2'.repeat(40)}`,
    kind: 'addresses',
    addresses: ['https://user:pass@example.com/a.tgz?token=secret'],
  },
] as const;

let servers: { redis: Server; postgres: Server };
let sandbox: Sandbox;
beforeAll(async () => {
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  servers = { redis, postgres };
  sandbox = makeSandbox({ registry: 'http://127.0.0.1:1' });
});
afterAll(async () => {
  await Promise.all([servers.redis.close(), servers.postgres.close()]);
  sandbox.dispose();
});

function passwordFile(content = `${PASSWORD}\n`, mode = 0o600): string {
  const file = join(sandbox.root, 'password');
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

const common = (server: Server): string[] => [
  'sweep',
  'board',
  `--queue=${server.url}`,
  '--listen=127.0.0.1:0',
];

async function started(server: Server, ...more: readonly string[]): Promise<Board> {
  const args = [...common(server), '--password-file', passwordFile(), ...more];
  const running = start(sandbox, args);
  const [url] = /http:\S+/.exec(await running.said('board at'))!;
  return { running, url };
}

interface Board {
  readonly running: Running;
  readonly url: string;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Asked {
  readonly method?: string;
  readonly password?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(
  url: string,
  path: string,
  { method = 'GET', password = PASSWORD, headers = {} }: Asked = {},
): Promise<Answer> {
  const auth = password === '' ? {} : { auth: `any:${password}` };
  const { hostname, port } = new URL(url);
  // The path as it is: a URL would have made it short.
  const sent = request({ hostname, port, path, method, headers, ...auth }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode!, headers: answer.headers, body: await text(answer) };
}

const QUEUE = `tarwarden-sweep-default-${RULESET}`;
const own = { 'sec-fetch-site': 'same-origin' };

describe.each(['redis', 'postgres'] as const)('a board of a queue on %s', (kind) => {
  let board: Board;
  let queue: TaskQueue;
  beforeEach(async () => {
    const { url: address } = servers[kind];
    queue = await TaskQueue.open({ address, name: 'default', onError: () => undefined });
    await queue.add(TASKS);
  });
  afterEach(async () => {
    board.running.child.kill('SIGTERM');
    // oxlint-disable-next-line vitest/no-standalone-expect -- of each of them
    expect(await board.running.ended).toMatchObject({ code: 0 });
    await queue.bull.obliterate({ force: true });
    await queue.close();
  });

  test('shows it to whoever knows the password, and nothing that signs somebody in', async () => {
    board = await started(servers[kind]);
    for (const path of ['/', '/api/queues', '/static/favicon.ico', '/nothing']) {
      const { status, headers, body } = await ask(board.url, path, { password: '' });
      expect([status, body]).toEqual([401, 'the password is needed\n']);
      expect(headers['www-authenticate']).toContain('Basic');
    }
    const page = await ask(board.url, `/queue/${QUEUE}`);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    const files = [...page.body.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(([, one]) => one!);
    expect(files.length).toBeGreaterThan(4);
    for (const file of files)
      expect(await ask(board.url, `/${file}`)).toMatchObject({ status: 200 });
    const { status, body } = await ask(
      board.url,
      `/api/queues?activeQueue=${QUEUE}&status=waiting`,
    );
    expect(status).toBe(200);
    const { queues } = JSON.parse(body) as {
      queues: { name: string; readOnlyMode: boolean; counts: object; jobs: { data: object }[] }[];
    };
    expect(queues).toMatchObject([{ name: QUEUE, readOnlyMode: true, counts: { waiting: 2 } }]);
    expect(queues[0]!.jobs.map(({ data }) => data)).toEqual(
      expect.arrayContaining([
        { kind: 'package', items: ['left-pad'] },
        {
          kind: 'addresses',
          items: [expect.stringMatching(/^https:\/\/example\.com\/a\.tgz \([0-9a-f]{12}\)$/)],
        },
      ]),
    );
    expect(body).not.toMatch(/secret|pass@/);
    const job = `/api/queues/${QUEUE}/${TASKS[1].id}`;
    const more = ['workers', 'metrics', 'rate-limit', 'default-job-options', 'job-data-schema'];
    for (const path of [
      ...['', '/flow', '/logs'].map((one) => job + one),
      ...more.map((one) => `/api/queues/${QUEUE}/${one}`),
      '/api/job-schedulers',
      '/api/redis/stats',
    ]) {
      const answer = await ask(board.url, path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.body).not.toMatch(/secret|pass@/);
    }
  });

  test('changes nothing unless it is allowed to', async () => {
    board = await started(servers[kind]);
    for (const path of ['pause', 'empty', `${ID}/clean`, 'obliterate'])
      expect(
        await ask(board.url, `/api/queues/${QUEUE}/${path}`, { method: 'PUT', headers: own }),
      ).toMatchObject({ status: 403, body: expect.stringContaining('--allow-changes') as unknown });
    expect(await queue.states()).toMatchObject({ waiting: 2 });
  });

  test('changes what its own page asks for, and adds nothing', async () => {
    board = await started(servers[kind], '--allow-changes');
    const change = async (path: string, method: string, headers: Asked['headers']) =>
      (await ask(board.url, `/api/queues/${QUEUE}/${path}`, { method, headers: headers! })).status;
    for (const headers of [
      {},
      { origin: 'http://evil.example' },
      { 'sec-fetch-site': 'same-site' },
    ])
      expect(await change(`${ID}/clean`, 'PUT', headers)).toBe(403);
    expect(await queue.states()).toMatchObject({ waiting: 2 });
    for (const [path, method] of [
      ['add', 'POST'],
      ['obliterate', 'PUT'],
      [`${ID}/update-data`, 'PATCH'],
      ['concurrency', 'PUT'],
    ] as const)
      expect(await change(path, method, own)).toBe(404);
    expect(await change(`${ID}/clean`, 'PUT', own)).toBeLessThan(300);
    expect(await queue.states()).toMatchObject({ waiting: 1 });
    const origin = new URL(board.url).origin;
    expect(await change('pause', 'PUT', { origin })).toBeLessThan(300);
    expect(await queue.bull.isPaused()).toBe(true);
  });
});

test('a board answers to no other name, and to no guesses', async () => {
  const { running, url } = await started(servers.redis);
  const evil = await ask(url, '/', { headers: { host: 'evil.example' } });
  expect(evil.status).toBe(421);
  for (const path of ['/static/../index.ejs', '/static/%2e%2e/index.ejs', '/static/js/', '//x/y'])
    expect((await ask(url, path)).status).toBe(404);
  const guessed = running.said('too many wrong passwords');
  for (let at = 0; at < 10; at += 1)
    expect((await ask(url, '/', { password: `guess ${at}` })).status).toBe(401);
  expect((await ask(url, '/')).status).toBe(429);
  expect(await guessed).toContain('127.0.0.1');
  running.child.kill('SIGTERM');
  const { stderr } = await running.ended;
  expect(stderr).not.toContain(PASSWORD);
});

test('a board waits for a queue that is away, and not for long', async () => {
  const { running, url } = await started(servers.redis);
  await servers.redis.stop();
  expect(await ask(url, '/api/queues')).toMatchObject({
    status: 503,
    body: 'the queue does not answer\n',
  });
  running.child.kill('SIGTERM');
  expect(await running.ended).toMatchObject({ code: 0 });
  await servers.redis.restart();
});

test.each([
  ['others can read it', () => ['--password-file', passwordFile('long enough text', 0o644)]],
  ['at least 12 characters', () => ['--password-file', passwordFile('short\n')]],
  ['it is too long', () => ['--password-file', passwordFile('x'.repeat(2000))]],
  ['ENOENT', () => ['--password-file', '/nowhere/at/all']],
  ['board needs --password-file', () => []],
  ['--listen must be HOST:PORT', () => ['--listen', '3000', '--password-file', passwordFile()]],
])('%s', async (message, args) => {
  const { code, stderr } = await tarwarden(sandbox, [...common(servers.redis), ...args()]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});
