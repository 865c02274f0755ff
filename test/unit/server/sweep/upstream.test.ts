import {
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  SweptRegistry,
  type SweptRegistryOptions,
} from '../../../../packages/server/src/sweep/upstream.ts';

interface Host {
  readonly url: string;
  readonly host: string;
  readonly headers: IncomingHttpHeaders[];
  readonly server: Server;
}

async function hostWith(listener: RequestListener): Promise<Host> {
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    headers.push(request.headers);
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}/`, host, headers, server };
}

let registry: Host;
let elsewhere: Host;
let answer: RequestListener;
let answerElsewhere: RequestListener;
let upstream: SweptRegistry;
beforeEach(async () => {
  answer = (_, response) => void response.end('bytes');
  answerElsewhere = (_, response) => void response.end('elsewhere');
  registry = await hostWith((request, response) => answer(request, response));
  elsewhere = await hostWith((request, response) => answerElsewhere(request, response));
  upstream = open();
});
afterEach(async () => {
  await upstream.close();
  for (const { server } of [registry, elsewhere]) {
    server.close();
    server.closeAllConnections();
  }
});

function open(more: Partial<SweptRegistryOptions> = {}): SweptRegistry {
  const options = { registry: new URL(registry.url), allowedHosts: [], connections: 2 };
  return new SweptRegistry({ ...options, token: 'secret', ...more });
}

async function textAt(address: string, from = upstream): Promise<string> {
  const { body } = await from.tarball(address);
  const parts: Buffer[] = [];
  for await (const part of body as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe('tarballs', () => {
  it('of the registry are fetched with the token', async () => {
    expect(await textAt(`${registry.url}a.tgz`)).toBe('bytes');
    expect(registry.headers[0]).toMatchObject({ authorization: 'Bearer secret' });
  });

  it('at another host are not fetched', async () => {
    await expect(textAt(`${elsewhere.url}a.tgz`)).rejects.toMatchObject({ isFinal: true });
    expect(elsewhere.headers).toEqual([]);
  });

  it('at a host that is allowed are fetched without the token', async () => {
    const allowing = open({ allowedHosts: [elsewhere.host] });
    answer = (_, response) => {
      response.writeHead(302, { location: `${elsewhere.url}a.tgz` });
      response.end();
    };
    expect(await textAt(`${registry.url}a.tgz`, allowing)).toBe('elsewhere');
    expect(elsewhere.headers[0]).not.toHaveProperty('authorization');
    await allowing.close();
  });

  it('are not fetched where a redirect leads to another host', async () => {
    answer = (_, response) => {
      response.writeHead(302, { location: elsewhere.url });
      response.end();
    };
    await expect(textAt(`${registry.url}a.tgz`)).rejects.toMatchObject({ isFinal: true });
    expect(elsewhere.headers).toEqual([]);
  });

  it('are not asked for without end', async () => {
    answer = (_, response) => {
      response.writeHead(302, { location: registry.url });
      response.end();
    };
    await expect(textAt(registry.url)).rejects.toThrow('redirects too often');
    expect(registry.headers).toHaveLength(4);
  });

  it('are not asked for without end between two hosts', async () => {
    const allowing = open({ allowedHosts: [elsewhere.host] });
    const to =
      (host: Host): RequestListener =>
      (_, response) =>
        void response.writeHead(307, { location: host.url }).end();
    answer = to(elsewhere);
    answerElsewhere = to(registry);
    await expect(textAt(registry.url, allowing)).rejects.toMatchObject({
      isFinal: true,
      kind: 'redirect',
    });
    expect([registry.headers.length, elsewhere.headers.length]).toEqual([2, 2]);
    for (const one of elsewhere.headers) expect(one).not.toHaveProperty('authorization');
    await allowing.close();
  });

  it.each(['http://[', '', 'javascript:1', 'file:///etc/passwd', '//evil.example/'])(
    'are not fetched where a redirect leads to %j',
    async (location) => {
      answer = (_, response) => void response.writeHead(302, { location }).end();
      await expect(textAt(registry.url)).rejects.toMatchObject({ isFinal: true });
      expect(registry.headers.length).toBeLessThan(5);
    },
  );

  it('are not waited for where a redirect has a body without end', async () => {
    answer = (_, response) => {
      response.writeHead(302, { location: `${registry.url}a.tgz` });
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    };
    await expect(textAt(registry.url)).rejects.toMatchObject({ kind: 'redirect' });
    expect(registry.headers).toHaveLength(4);
  });

  it.each([
    [404, true],
    [403, true],
    [429, false],
    [500, false],
    [503, false],
  ])('with %i are final: %j', async (status, isFinal) => {
    answer = (_, response) => void response.writeHead(status).end();
    await expect(textAt(registry.url)).rejects.toMatchObject({ isFinal });
  });

  it('of a registry that is away may be had later', async () => {
    registry.server.close();
    await expect(textAt(registry.url)).rejects.toMatchObject({ isFinal: false });
  });
});

describe('documents', () => {
  it('have scopes in one segment, and are unpacked', async () => {
    let path: string | undefined;
    answer = ({ url }, response) => {
      path = url;
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync('{"name":"@a/b"}'));
    };
    expect(await upstream.document('@a/b')).toEqual({ name: '@a/b' });
    expect(path).toBe('/@a%2fb');
  });

  it('that are cut off while they are unpacked are tried again, and end nothing else', async () => {
    const packed = gzipSync(JSON.stringify({ name: 'a', text: 'x'.repeat(10_000) }));
    answer = (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(packed.subarray(0, packed.length - 12));
    };
    await expect(upstream.document('a')).rejects.toMatchObject({ isFinal: false });
  });

  it('that redirect without end are given up', async () => {
    answer = ({ url }, response) => void response.writeHead(301, { location: `${url}/x` }).end();
    await expect(upstream.document('a')).rejects.toMatchObject({ isFinal: true, kind: 'redirect' });
    expect(registry.headers).toHaveLength(4);
  });

  it('that come byte by byte without end are given up', async () => {
    answer = (_, response) => {
      response.write('{');
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    };
    const hasty = open({ wholeLimit: 150 });
    await expect(hasty.document('a')).rejects.toMatchObject({ isFinal: false, kind: 'document' });
    await hasty.close();
  });

  it.each([
    ['objects', '[', '{},', '0]'],
    ['arrays in each other', '', '[', ']'],
  ])('that would be %s without end in memory are not read', async (_kind, start, one, end) => {
    const packed = gzipSync(start + one.repeat(4_000_000) + end);
    answer = (_, response) =>
      void response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed);
    await expect(upstream.document('a')).rejects.toMatchObject({ isFinal: true, kind: 'too-long' });
  });

  it.each(['', '{', 'null x'])('that are %j may be others another time', async (text) => {
    answer = (_, response) => void response.end(text);
    await expect(upstream.document('a')).rejects.toMatchObject({ isFinal: false });
  });
});
