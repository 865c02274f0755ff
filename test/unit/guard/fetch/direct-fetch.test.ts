import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  fetchDirectly,
  isPlain,
  type DirectRequest,
} from '../../../../packages/guard/src/fetch/direct-fetch.ts';
import { fetchTarball } from '../../../../packages/guard/src/fetch/fetch.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  vi.unstubAllEnvs();
});

async function serve(listener: RequestListener): Promise<string> {
  const made = (server = createServer(listener));
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
}

const get = async (url: string, more: Partial<DirectRequest> = {}): Promise<Buffer | undefined> =>
  (await fetchEncoded(url, more))?.bytes;

const fetchEncoded = (
  url: string,
  more: Partial<DirectRequest> = {},
): ReturnType<typeof fetchDirectly> =>
  fetchDirectly({
    url: new URL(url),
    settings: {},
    signal: new AbortController().signal,
    idle: 5000,
    bytesMax: 1000,
    ...more,
  });

describe('isPlain', () => {
  it.each([
    ['nothing', {}, {}, true],
    ['a registry, authorities, a number of sockets', { registry: 'x', ca: ['x'] }, {}, true],
    ['an empty variable', {}, { https_proxy: '' }, true],
    ['a proxy', { httpsProxy: 'http://proxy' }, {}, false],
    ['a token', { byPlace: { '//host/:_authToken': 'x' } }, {}, false],
    ['HTTPS_PROXY', {}, { HTTPS_PROXY: 'http://proxy' }, false],
    ['http_proxy', {}, { http_proxy: 'http://proxy' }, false],
    ['proxy', {}, { proxy: 'http://proxy' }, false],
    ['NO_PROXY', {}, { NO_PROXY: 'host' }, false],
  ])('%s', (_, settings, env, plain) => {
    expect(isPlain(settings, env)).toBe(plain);
  });
});

describe('fetchDirectly', () => {
  it('gives the body of a plain answer, over one connection', async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end(`for ${request.headers['user-agent']} ${request.headers.authorization}`);
    });
    const settings = { userAgent: 'agent', maxSockets: 1 };
    expect(String(await get(url, { settings }))).toBe('for agent undefined');
    expect(String(await get(url, { settings }))).toBe('for agent undefined');
    expect(ports.size).toBe(1);
  });

  it('leaves a redirect alone, and does not ask that host again', async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
    });
    expect(await get(url)).toBeUndefined();
    expect(await get(url)).toBeUndefined();
    expect(asked).toBe(1);
  });

  it.each([401, 404, 500, 206])('leaves a %i alone', async (status) => {
    const url = await serve((_, response) => response.writeHead(status).end('x'));
    expect(await get(url)).toBeUndefined();
  });

  it('gives an encoded body as it came, and says how it is encoded', async () => {
    const url = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    );
    expect(await fetchEncoded(url)).toEqual({ bytes: Buffer.from('x'), encoding: 'gzip' });
  });

  it('leaves a body that is cut off alone', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('x');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await get(url)).toBeUndefined();
  });

  it('leaves a host that does not answer alone', async () => {
    const url = await serve(() => undefined);
    expect(await get(url, { idle: 50 })).toBeUndefined();
    server?.closeAllConnections();
    server?.close();
    expect(await get('http://127.0.0.1:9/')).toBeUndefined();
  });

  it('takes no more than it may, and ends when it is told to', async () => {
    const url = await serve((_, response) => void response.write('x'.repeat(1001)));
    await expect(get(url)).rejects.toThrow('more than 1000 bytes');
    const abort = new AbortController();
    abort.abort();
    await expect(get(url, { signal: abort.signal })).rejects.toThrow();
  });

  it('does not send credentials', async () => {
    const url = await serve((_, response) => response.end('x'));
    expect(await get(url.replace('//', '//user:pass@'))).toBeUndefined();
    vi.stubEnv('HTTPS_PROXY', 'http://proxy.example');
    expect(await get(url, { settings: {} })).toBeUndefined();
  });
});

describe('fetchTarball', () => {
  it('follows a redirect and tries again, by the network layer of npm', async () => {
    let asked = 0;
    const url = await serve((request, response) => {
      if (request.url === '/there') response.end('bytes');
      else if (request.url === '/moved') response.writeHead(302, { location: '/there' }).end();
      else if (++asked < 3) response.writeHead(503).end();
      else response.end('at last');
    });
    const settings = { retries: 2, retryMinTimeout: 1, retryMaxTimeout: 5 };
    const take = (path: string): Promise<Buffer> =>
      fetchTarball({ url: url + path, settings, timeLimit: 10_000 });
    expect(String(await take('/again'))).toBe('at last');
    expect(String(await take('/moved'))).toBe('bytes');
  });
});
