/* One client that asks for much, and takes little of it: what others have meanwhile. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { beforeEach, expect, it } from 'vitest';
import { clean, listening, startGateway, type Testing } from './support.ts';

let address: string;
let testing: Testing;
/** Paths that the registry was asked for. */
let asked: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  asked = [];
  ({ address } = await listening((request, response) => {
    asked.push(request.url!);
    if (request.url === '/small') response.end('{"name":"small","versions":{}}');
    else answer(request, response);
  }));
  testing = await startGateway(address);
});

const open = (target: string, times = 1): Socket =>
  testing.open(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(times));

it('requests that wait for no answer end their connection', async () => {
  answer = () => undefined;
  for (const target of ['/large', '/-/v1/search']) {
    const socket = open(target, 12_000);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(asked.length).toBeLessThan(10);
    expect(await testing.ask('/small')).toMatchObject({ status: 200 });
  }
});

it.each(['/large', '/large/1.0.0', '/large/-/large-1.0.0.tgz', '/-/v1/search'])(
  'what nobody waits for any more is not asked for: %s',
  async (target) => {
    const broken: Promise<unknown>[] = [];
    answer = (_, response) => void broken.push(once(response, 'close'));
    // Of many, so that none has it of another's request.
    const many = Array.from({ length: 100 }, (_, i) =>
      open(`${target} HTTP/1.1\r\nAuthorization: Bearer ${i}\r\nX:`),
    );
    await expect.poll(() => broken.length).toBeGreaterThanOrEqual(32);
    for (const socket of many) socket.destroy();
    await Promise.all(broken);
    expect(await testing.ask('/small')).toMatchObject({ status: 200 });
    expect(testing.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  },
);

it('many clients of an archive with a verdict share one download, and keep nobody from anything', async () => {
  let stalls = false;
  const stalled: ServerResponse[] = [];
  answer = (request, response) => {
    if (request.url === '/clean') {
      const integrity = `sha512-${createHash('sha512').update(clean).digest('base64')}`;
      const dist = { tarball: `${address}/clean/-/clean-1.0.0.tgz`, integrity };
      const versions = { '1.0.0': { name: 'clean', version: '1.0.0', dist } };
      return void response.end(JSON.stringify({ name: 'clean', versions }));
    }
    response.writeHead(200, { 'content-length': clean.length });
    if (!stalls) return void response.end(clean);
    response.flushHeaders();
    stalled.push(response);
  };
  const tarball = '/clean/-/clean-1.0.0.tgz';
  expect(await testing.ask(tarball)).toMatchObject({ status: 200 });
  stalls = true;
  const sockets = Array.from({ length: 128 }, () => open(tarball));
  await expect.poll(() => stalled.length).toBe(1);
  stalls = false;
  expect(await testing.ask('/small')).toMatchObject({ status: 200 });
  expect(stalled).toHaveLength(1);
  // With the last of its clients, the download ends.
  for (const socket of sockets) socket.destroy();
  await expect.poll(() => stalled[0]!.destroyed).toBe(true);
  expect(await testing.ask(tarball)).toMatchObject({ status: 200, body: clean });
});

it('a document of a few kilobytes that is many values is not read', async () => {
  const json = `{"versions":{},"x":[${'{},'.repeat(2_500_000)}0]}`;
  answer = (_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(json));
  };
  expect(await testing.ask('/large')).toMatchObject({ status: 502 });
  const many = Array.from({ length: 100_001 }, (_, i) => `"${i}":{}`).join();
  answer = (_, response) => void response.end(`{"versions":{${many}}}`);
  expect(await testing.ask('/large')).toMatchObject({ status: 502 });
});
