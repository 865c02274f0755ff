/* What the gateway says of each request: a line in the access log, a number, and a span. */
import type { Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Registry } from '../../../support/registry.ts';
import { TrustedProxies } from '../../../../packages/server/src/gateway/client.ts';
import {
  clean,
  hostile,
  jsonOf,
  listening,
  registryForTest,
  startGateway,
  type Testing,
} from './support.ts';

const TARBALL = '/clean/-/clean-1.0.0.tgz';
const TOKEN = 'Bearer secret-of-mine';

let registry: Registry;
let testing: Testing;
beforeEach(async () => {
  registry = await registryForTest();
  registry.publish({ name: 'clean', tgz: clean });
  registry.publish({ name: 'evil', tgz: hostile });
  testing = await startGateway(registry.url, { name: 'npmjs' });
});

const lines = (): Record<string, unknown>[] => testing.log.filter(({ name }) => name === 'access');

async function lastLine(count: number): Promise<Record<string, unknown>> {
  await expect.poll(() => lines().length).toBe(count);
  return lines().at(-1)!;
}

describe('the access log', () => {
  it('has a line for each request, with its package and outcome', async () => {
    const wanted = [
      [
        TARBALL,
        {
          kind: 'archive',
          package: 'clean',
          file: 'clean-1.0.0.tgz',
          outcome: 'accepted',
          status: 200,
        },
      ],
      [TARBALL, { kind: 'archive', outcome: 'miss', status: 200 }],
      [
        '/evil/-/evil-1.0.0.tgz',
        { kind: 'archive', package: 'evil', outcome: 'refused', status: 403 },
      ],
      ['/clean', { kind: 'document', package: 'clean', outcome: 'miss', status: 200 }],
      ['/clean/1.0.0?secret=1', { kind: 'document', package: 'clean', version: '1.0.0' }],
      ['/absent', { kind: 'document', package: 'absent', outcome: 'denied', status: 404 }],
      ['/-/ping', { kind: 'api', path: '/-/ping', outcome: 'passed', status: 200 }],
      ['/%2e%2e/x', { kind: 'other', outcome: 'denied', status: 404 }],
    ] as const;
    for (const [i, [target, about]] of wanted.entries()) {
      const { headers } = await testing.ask(target);
      const line = await lastLine(i + 1);
      expect(line).toMatchObject({
        ...about,
        registry: 'npmjs',
        method: 'GET',
        client: '127.0.0.1',
      });
      expect(line['id']).toBe(headers['x-request-id']);
      expect(line['ms']).toBeGreaterThanOrEqual(0);
    }
    const [first] = lines();
    expect(first!['bytes']).toBeGreaterThan(clean.length);
    expect(JSON.stringify(testing.log)).not.toContain('secret');
  });

  it('leaves out the requests of probes, and everything if it is off', async () => {
    await testing.ask('/-/tarwarden/healthz');
    await testing.close();
    expect(lines().filter(({ level }) => Number(level) >= 30)).toEqual([]);
    testing = await startGateway(registry.url, { accessLog: false });
    await testing.ask(TARBALL);
    expect(lines()).toEqual([]);
  });

  it('has the same id as the line about a failure, which has the cause in words', async () => {
    await registry.close();
    const { headers, status, body } = await testing.ask('/clean');
    const line = await lastLine(1);
    expect(line).toMatchObject({ outcome: 'error', status: 502 });
    expect(line['cause']).toMatch(
      /^the registry cannot be reached \(ECONNREFUSED\): .*ECONNREFUSED/,
    );
    const failure = testing.log.find(({ level }) => level === 50)!;
    expect(failure).toMatchObject({
      id: headers['x-request-id'],
      registry: 'npmjs',
    });
    expect(failure).not.toHaveProperty('err');
    expect(status).toBe(502);
    expect(body.toString()).toContain('ECONNREFUSED');
    // The client learns no address of the network behind the gateway.
    expect(body.toString()).not.toContain('127.0.0.1');
    registry = await registryForTest();
  });
});

describe('a request by a proxy', () => {
  const headers = {
    'x-forwarded-for': '198.51.100.7',
    'x-request-id': 'proxy-1',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  };

  it('that is trusted keeps its id, trace and client', async () => {
    await testing.close();
    testing = await startGateway(registry.url, {
      trustedProxies: new TrustedProxies(['127.0.0.0/8']),
    });
    expect((await testing.ask('/clean', { headers })).headers['x-request-id']).toBe('proxy-1');
    expect(await lastLine(1)).toMatchObject({
      id: 'proxy-1',
      client: '198.51.100.7',
      trace: 'a'.repeat(32),
    });
    const odd = await testing.ask('/clean', { headers: { 'x-request-id': 'a b' } });
    expect(odd.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
  });

  it('that is not trusted has its own', async () => {
    const { headers: answered } = await testing.ask('/clean', { headers });
    expect(answered['x-request-id']).toMatch(/^[\da-f-]{36}$/);
    const line = await lastLine(1);
    expect(line).toMatchObject({ client: '127.0.0.1' });
    expect(line).not.toHaveProperty('trace');
  });
});

describe('the user', () => {
  let server: Server;
  let waiting: ServerResponse[];
  let asked: number;
  beforeEach(async () => {
    waiting = [];
    asked = 0;
    const started = await listening((request, response) => {
      if (request.url !== '/-/whoami') return void response.end('{"name":"x","versions":{}}');
      asked += 1;
      waiting.push(response);
      return undefined;
    });
    ({ server } = started);
    await testing.close();
    testing = await startGateway(started.address);
    return () => (server.closeAllConnections(), server.close());
  });

  it('is asked for once, and no answer waits for it', async () => {
    const headers = { authorization: TOKEN };
    for (let i = 0; i < 3; i += 1) expect((await testing.ask('/x', { headers })).status).toBe(200);
    await testing.ask('/x');
    // The line of the client without a token comes first.
    expect(await lastLine(1)).not.toHaveProperty('user');
    waiting[0]!.end('{"username":"mia"}');
    expect(await lastLine(4)).toMatchObject({ user: 'mia', client: '127.0.0.1' });
    await testing.ask('/x', { headers });
    expect(await lastLine(5)).toMatchObject({ user: 'mia' });
    expect(asked).toBe(1);
    expect(JSON.stringify(testing.log)).not.toContain('secret-of-mine');
  });

  it('is absent if the registry does not know the token', async () => {
    const sent = testing.ask('/x', { headers: { authorization: TOKEN } });
    await expect.poll(() => waiting.length).toBe(1);
    waiting[0]!.writeHead(401).end('{}');
    await sent;
    expect(await lastLine(1)).not.toHaveProperty('user');
  });
});

it('a client that goes away is written down as that', async () => {
  const { server, address } = await listening(() => undefined);
  await testing.close();
  testing = await startGateway(address);
  const socket = connect(Number(new URL(testing.url).port), '127.0.0.1');
  socket.write('GET /x HTTP/1.1\r\nHost: x\r\n\r\n');
  await expect.poll(async () => metric('tarwarden_waiting{for="document"}')).toBe(0);
  await expect.poll(async () => metric('tarwarden_requests_open')).toBe(2);
  socket.destroy();
  await expect.poll(() => lines().filter(({ kind }) => kind === 'document').length).toBe(1);
  const line = lines().find(({ kind }) => kind === 'document')!;
  expect(line).toMatchObject({ outcome: 'aborted' });
  expect(line).not.toHaveProperty('status');
  server.closeAllConnections();
  server.close();
});

async function metric(name: string): Promise<number | undefined> {
  const text = (await testing.ask('/-/tarwarden/metrics')).body.toString();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

it('metrics count requests by kind and outcome, without packages and clients', async () => {
  await testing.ask(TARBALL);
  await testing.ask('/evil/-/evil-1.0.0.tgz');
  await testing.ask('/absent');
  const counted = (kind: string, outcome: string): string =>
    `tarwarden_requests_total{registry="npmjs",kind="${kind}",outcome="${outcome}"}`;
  expect(await metric(counted('archive', 'accepted'))).toBe(1);
  expect(await metric(counted('archive', 'refused'))).toBe(1);
  expect(await metric(counted('document', 'denied'))).toBe(1);
  expect(await metric('tarwarden_request_seconds_count{kind="archive"}')).toBe(2);
  expect(await metric('tarwarden_first_byte_seconds_count{kind="archive"}')).toBe(2);
  expect(await metric('tarwarden_sent_bytes_total{kind="archive"}')).toBeGreaterThan(clean.length);
  expect(await metric('tarwarden_connections')).toBe(1);
  const text = (await testing.ask('/-/tarwarden/metrics')).body.toString();
  expect(text).not.toMatch(/clean|evil|127\.0\.0\.1/);
});

it('a body of a request that only reads ends its connection', async () => {
  const { headers } = await testing.ask('/clean', {
    headers: { 'content-length': '5' },
    body: 'xxxxx',
  });
  expect(headers.connection).toBe('close');
  expect((await testing.ask('/clean', { headers: { 'content-length': '0' } })).status).toBe(200);
});

describe('readiness', () => {
  it('says what is degraded, as text and as JSON, and stays ready', async () => {
    await testing.close();
    testing = await startGateway(registry.url, {
      health: [
        { name: 'policy file', problem: () => 'it cannot be read' },
        { name: 'cache', problem: () => undefined },
        { name: 'odd', problem: async () => Promise.reject(new Error('redis://user:secret@host')) },
      ],
    });
    const text = await testing.ask('/-/tarwarden/readyz');
    expect(text.status).toBe(200);
    expect(text.body.toString()).toMatch(
      /^ready: a hostile archive is refused.*\ndegraded: policy file: it cannot be read\ndegraded: odd: it cannot be asked\n$/,
    );
    const json = await testing.ask('/-/tarwarden/readyz?format=json');
    expect(jsonOf(json)).toMatchObject({
      ready: true,
      status: 'degraded',
      parts: [
        { name: 'registry npm' },
        { name: 'policy file', problem: 'it cannot be read' },
        { name: 'cache' },
        { name: 'odd', problem: 'it cannot be asked' },
      ],
    });
    expect(json.headers['content-type']).toBe('application/json');
  });

  it('names a registry that does not answer, until it does', async () => {
    const { port } = new URL(registry.url);
    await registry.close();
    await testing.ask('/clean');
    const degraded = await testing.ask('/-/tarwarden/readyz');
    expect(degraded.status).toBe(200);
    expect(degraded.body.toString()).toContain(
      'degraded: registry npmjs: the registry cannot be reached',
    );
    expect(degraded.body.toString()).not.toContain(port);
    registry = await registryForTest();
  });

  it('ends with the drain, while requests are still answered and connections closed', async () => {
    testing.gateway.drain();
    const probe = await testing.ask('/-/tarwarden/readyz', {
      headers: { accept: 'application/json' },
    });
    expect(probe.status).toBe(503);
    expect(jsonOf(probe)).toMatchObject({ ready: false, status: 'draining' });
    const answer = await testing.ask(TARBALL);
    expect(answer).toMatchObject({ status: 200, body: clean });
    expect(answer.headers.connection).toBe('close');
    expect((await testing.ask('/-/tarwarden/healthz')).status).toBe(200);
  });
});
