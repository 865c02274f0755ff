/* Clients that send slowly, lie, or go away, and registries that send in circles. */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { tgz } from '../../../support/pkg.ts';
import { bytesHeld, jsonOf, listening, startGateway, type Testing } from './support.ts';

const clean = tgz({ name: 'clean' });

let address: string;
let testing: Testing;
let asked: { method: string; url: string; headers: IncomingMessage['headers'] }[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  asked = [];
  answer = (_, response) => void response.end('{}');
  ({ address } = await listening((request, response) => {
    const { method = '', url = '', headers } = request;
    asked.push({ method, url, headers });
    request.resume();
    answer(request, response);
  }));
  testing = await startGateway(address);
});

/** The registry has one package; its tarball is answered by a test. */
function withPackage(tarball: typeof answer): void {
  answer = (request, response) => {
    if (request.url !== '/clean') return tarball(request, response);
    const dist = { tarball: `${address}/clean/-/clean-1.0.0.tgz` };
    const versions = { '1.0.0': { name: 'clean', version: '1.0.0', dist } };
    response.end(JSON.stringify({ name: 'clean', versions }));
  };
}

const open = (...lines: string[]): Socket => testing.open(`${lines.join('\r\n')}\r\n\r\n`);

async function said(socket: Socket): Promise<string> {
  let text = '';
  for await (const part of socket.setEncoding('latin1') as AsyncIterable<string>) text += part;
  return text;
}

const heldBytes = async (): Promise<number> => bytesHeld(testing);
const tarball = '/clean/-/clean-1.0.0.tgz';

describe('bodies of the API', () => {
  it('asks for nothing more of who asks again before an answer, and is gone', async () => {
    answer = () => undefined;
    const socket = open('GET /one HTTP/1.1', 'host: x', '', 'GET /two HTTP/1.1', 'host: x');
    await expect.poll(() => asked.map(({ url }) => url)).toEqual(['/one']);
    socket.destroy();
    await once(socket, 'close');
    expect((await testing.ask('/-/tarwarden/healthz')).status).toBe(200);
    expect(asked.map(({ url }) => url)).toEqual(['/one']);
  });

  const target = 'POST /-/npm/v1/security/advisories/bulk HTTP/1.1';

  it('that come slowly reach the registry when they are whole, and keep nobody waiting', async () => {
    const slow = Array.from({ length: 20 }, () =>
      open(target, 'Host: x', 'Content-Length: 4000000', 'Connection: close'),
    );
    for (const socket of slow) socket.write('{"a":');
    await expect.poll(heldBytes).toBe(20 * 5);
    const body = JSON.stringify({ b: 'x'.repeat(3_000_000) });
    const fast = await testing.ask('/-/npm/v1/x', { method: 'POST', body });
    expect(fast.status).toBe(200);
    expect(asked.map(({ url }) => url)).toEqual(['/-/npm/v1/x']);
    for (const socket of slow.slice(1)) socket.destroy();
    slow[0]!.write(`"${'y'.repeat(4_000_000 - 8)}"}`);
    expect(await said(slow[0]!)).toMatch(/^HTTP\/1\.1 200 /);
    expect(asked).toHaveLength(2);
    await expect.poll(heldBytes).toBe(0);
    await expect.poll(() => testing.held()).toEqual([]);
  });

  it('are in memory in bounds, however many are whole while the registry is slow', async () => {
    const waiting: ServerResponse[] = [];
    answer = (_, response) => void waiting.push(response);
    const body = JSON.stringify({ b: 'x'.repeat(4_000_000) });
    const all = Array.from({ length: 12 }, async () =>
      testing.ask('/-/npm/v1/x', { method: 'POST', body }),
    );
    await expect.poll(() => testing.held().length).toBe(12);
    await expect.poll(() => waiting.length).toBe(8);
    await testing.ask('/-/tarwarden/healthz');
    expect(waiting).toHaveLength(8);
    answer = (_, response) => void response.end('{}');
    for (const response of waiting) response.end('{}');
    for (const { status } of await Promise.all(all)) expect(status).toBe(200);
    await expect.poll(() => testing.held()).toEqual([]);
  });

  it('of clients that are gone do not reach it', async () => {
    const socket = open(target, 'Host: x', 'Content-Length: 100');
    socket.write('{"a":1');
    await expect.poll(heldBytes).toBe(6);
    socket.destroy();
    await expect.poll(heldBytes).toBe(0);
    expect(asked).toEqual([]);
    expect(testing.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it.each([
    ['shorter than they say', 'Content-Length: 9', '[]', /^(?:HTTP\/1\.1 400 |$)/],
    ['longer than they say', 'Content-Length: 2', '[][]', /^HTTP\/1\.1 [24]00 /],
    ['expected', 'Content-Length: 2\r\nExpect: 100-continue', '[]', /^HTTP\/1\.1 100 /],
    [
      'a chunk of no length',
      'Transfer-Encoding: chunked',
      'x\r\n[]\r\n0\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
  ])('that are %s', async (_, header, body, pattern) => {
    const socket = open(target, 'Host: x', header, 'Connection: close');
    socket.end(body);
    const text = await said(socket);
    expect(text).toMatch(pattern);
    // What is behind a body is no request of the API.
    expect(asked.length).toBeLessThanOrEqual(1);
    expect(asked.length === 1 || !text.includes(' 200 ')).toBe(true);
    expect(await heldBytes()).toBe(0);
  });
});

describe('what clients send', () => {
  it('is bounded in all, and keeps nobody from downloads', async () => {
    await testing.close();
    testing = await startGateway(address, { uploadBytes: 1_000_000 });
    withPackage((_, response) => void response.end(clean));
    const slow = open('PUT /clean HTTP/1.1', 'Host: x', 'Content-Length: 2000000');
    slow.write('x'.repeat(900_000));
    await expect.poll(heldBytes).toBe(900_000);
    const body = JSON.stringify({ name: 'clean', b: 'x'.repeat(200_000) });
    expect(await testing.ask('/clean', { method: 'PUT', body })).toMatchObject({ status: 503 });
    expect(await testing.ask(tarball)).toMatchObject({ status: 200, body: clean });
    slow.destroy();
    await expect.poll(heldBytes).toBe(0);
    await expect.poll(() => testing.held()).toEqual([]);
  });
});

describe('a small tarball', () => {
  it('is held until it is sent', async () => {
    withPackage((_, response) => void response.end(clean));
    const socket = open(`GET ${tarball} HTTP/1.1`, 'Host: x');
    await once(socket, 'data');
    await expect.poll(heldBytes).toBe(0);
    expect(jsonOf(await testing.ask('/clean'))).toMatchObject({ name: 'clean' });
  });
});

describe('headers about a connection', () => {
  it('are those of this one', async () => {
    withPackage((request, response) => {
      if (request.url === '/-/ping') return void response.end('{}');
      response.writeHead(200, {
        connection: 'close',
        'content-length': clean.length,
        'x-own': 'x',
      });
      response.end(clean);
    });
    const headers = { te: 'trailers', 'proxy-authorization': 'Basic eA==', connection: 'x-a, te' };
    for (const target of ['/clean', tarball, tarball, '/-/ping']) {
      const { status, headers: got } = await testing.ask(target, { headers });
      expect({ target, status }).toEqual({ target, status: 200 });
      expect(got).not.toHaveProperty('x-own');
    }
    for (const { headers: sent } of asked) {
      expect(sent).not.toHaveProperty('te');
      expect(sent).not.toHaveProperty('proxy-authorization');
      expect(sent.connection).toBe('keep-alive');
    }
  });

  it('with conditions are about the document, and never about a tarball', async () => {
    withPackage((_, response) => void response.end(clean));
    const headers = {
      'if-none-match': '"a"',
      'if-modified-since': new Date().toUTCString(),
      'if-range': '"a"',
      range: 'bytes=0-1',
    };
    for (const method of ['GET', 'HEAD'])
      expect(await testing.ask(tarball, { method, headers })).toMatchObject({
        status: 200,
        body: method === 'GET' ? clean : Buffer.alloc(0),
      });
    for (const { headers: sent } of asked)
      for (const name of Object.keys(headers)) expect(sent).not.toHaveProperty(name);
  });
});

describe('a registry', () => {
  const signIn = { 'www-authenticate': 'Bearer realm="x", Basic' };

  it.each([
    ['/clean', 401, signIn, signIn],
    ['/clean/1.0.0', 401, signIn, signIn],
    ['/clean', 429, { 'retry-after': '7' }, { 'retry-after': '7' }],
    ['/clean', 401, { 'www-authenticate': 'x'.repeat(2000) }, {}],
    ['/clean', 401, { 'www-authenticate': 'caf\u00E9' }, {}],
    ['/clean', 503, { 'retry-after': '7' }, {}],
    ['/clean', 401, { 'set-cookie': 'a=b', location: 'http://x/' }, {}],
  ])('says of %s with %i how to go on: %j', async (target, status, headers, passed) => {
    answer = (_, response) => void response.writeHead(status, headers).end('{}');
    const got = await testing.ask(target);
    expect(got.status).toBe(status < 500 ? status : 502);
    const others = ['www-authenticate', 'retry-after', 'set-cookie', 'location'];
    expect(
      Object.fromEntries(Object.entries(got.headers).filter(([key]) => others.includes(key))),
    ).toEqual(passed);
  });

  it('says it of a tarball as well, cold and warm', async () => {
    let status = 401;
    withPackage((_, response) => {
      const headers = status === 200 ? { 'content-length': clean.length } : signIn;
      response.writeHead(status, headers).end(clean);
    });
    expect(await testing.ask(tarball)).toMatchObject({ status: 401, headers: signIn });
    status = 200;
    expect(await testing.ask(tarball)).toMatchObject({ status: 200 });
    status = 401;
    expect(await testing.ask(tarball)).toMatchObject({ status: 401, headers: signIn });
  });

  it.each([
    ['to itself', tarball],
    ['to and fro', '/there'],
  ])('that sends %s is not followed for ever', async (_, target) => {
    withPackage((request, response) => {
      const location = request.url === tarball ? target : tarball;
      response.writeHead(302, { location }).end();
    });
    expect(await testing.ask(tarball)).toMatchObject({ status: 502 });
    expect(asked.filter(({ url }) => url !== '/clean').length).toBeLessThanOrEqual(4);
  });

  it.each(['/clean', '/clean/1.0.0', '/-/ping'])(
    'that sends elsewhere for %s is not followed',
    async (target) => {
      answer = (_, response) => void response.writeHead(302, { location: '/else' }).end('{}');
      const { headers } = await testing.ask(target);
      expect(headers).not.toHaveProperty('location');
      expect(asked).toHaveLength(1);
    },
  );

  it('that ends in the middle of anything gives nobody a whole file', async () => {
    withPackage((_, response) => {
      response.writeHead(200, { 'content-length': clean.length });
      response.write(clean.subarray(0, clean.length - 1), () => response.destroy());
    });
    expect(await testing.ask(tarball)).toMatchObject({ status: 502 });
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"name":', () => response.destroy());
    };
    for (const target of ['/other', '/-/ping', '/other/1.0.0'])
      expect(await testing.ask(target)).toMatchObject({ status: 502 });
    expect(testing.held()).toEqual([]);
    expect(await heldBytes()).toBe(0);
  });
});
