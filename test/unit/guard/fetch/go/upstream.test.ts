/** What module proxies answer, over plain sockets: redirects, and answers that are none. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createSocketServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { ModuleProxyAnswer } from '../../../../../packages/guard/src/fetch/go/proxy-list.ts';
import { Credentials } from '../../../../../packages/guard/src/fetch/go/credentials.ts';
import { Upstream } from '../../../../../packages/guard/src/fetch/go/upstream.ts';
import { goAuthentication } from '../../../../../packages/clients/src/go/goauth.ts';
import { makeCertificates } from '../../../../support/certificates.ts';
import { freshFolder } from '../../../../support/fresh-folder.ts';

const servers: (Server | HttpServer)[] = [];
async function listening(server: Server | HttpServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
afterEach(() => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
});

describe('an answer that is none', () => {
  it.each([
    ['101 with an upgrade', 'HTTP/1.1 101 x\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n'],
    ['101 without', 'HTTP/1.1 101 x\r\n\r\n'],
    ['nothing', ''],
  ])('%s: the proxy has failed', async (_, text) => {
    const port = await listening(
      createSocketServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(text));
      }),
    );
    const upstream = new Upstream(new Credentials(goAuthentication('off', {}), {}), {});
    const address = `http://127.0.0.1:${port}`;
    expect(await upstream.get(address, { path: 'm', bytesMax: 10 })).toMatchObject({ status: 502 });
  });
});

describe('an answer in gzip', () => {
  const answered = async (body: Buffer, bytesMax: number): Promise<ModuleProxyAnswer> => {
    const port = await listening(
      createServer((_, response) => {
        response.setHeader('content-encoding', 'gzip');
        response.end(body);
      }),
    );
    const upstream = new Upstream(new Credentials(goAuthentication('off', {}), {}), {});
    return upstream.get(`http://127.0.0.1:${port}`, { path: 'm', bytesMax });
  };

  it('is decoded, as by go', async () => {
    const { status, body } = await answered(gzipSync('module m\n'), 100);
    expect([status, body.toString()]).toEqual([200, 'module m\n']);
  });

  it('is read no further than may be unpacked', async () => {
    await expect(answered(gzipSync(Buffer.alloc(1_000_000)), 10_000)).rejects.toThrow('10000');
  });

  it.each([
    ['is none', Buffer.from('module m\n')],
    ['is cut short', gzipSync('module m\n').subarray(0, 15)],
  ])('that %s: the proxy has failed', async (_, body) => {
    expect(await answered(body, 100)).toMatchObject({ status: 502 });
  });
});

describe('a path', () => {
  it.each([
    String.raw`sumdb/x\..\..\..\secret`,
    'm/../../secret',
    'm/%2e%2e/.%2E/secret',
    '../proxy2/m',
  ])('%s is not asked for outside the address of the proxy', async (path) => {
    const asked: string[] = [];
    const port = await listening(
      createServer((request, response) => {
        asked.push(request.url ?? '');
        response.end('secret');
      }),
    );
    const upstream = new Upstream(new Credentials(goAuthentication('off', {}), {}), {});
    const address = `http://127.0.0.1:${port}/proxy`;
    const wanted = { path, bytesMax: 10 };
    expect(await upstream.get(address, wanted)).toMatchObject({ status: 502 });
    expect(asked).toEqual([]);
    expect(await upstream.get(address, { path: 'm', bytesMax: 10 })).toMatchObject({ status: 200 });
    expect(asked).toEqual(['/proxy/m']);
  });
});

describe('a body', () => {
  const bodyOf = async (text: string): Promise<{ status: number; text: string }> => {
    const port = await listening(
      createSocketServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(text));
      }),
    );
    const upstream = new Upstream(new Credentials(goAuthentication('off', {}), {}), {});
    const wanted = { path: 'm', bytesMax: 10 };
    const { status, body } = await upstream.get(`http://127.0.0.1:${port}`, wanted);
    return { status, text: body.toString() };
  };

  it.each([
    ['of an announced length', 'content-length: 5\r\n\r\nwhole'],
    ['in chunks', 'transfer-encoding: chunked\r\n\r\n2\r\nwh\r\n3\r\nole\r\n0\r\n\r\n'],
    ['until the end', 'connection: close\r\n\r\nwhole'],
  ])('%s is read whole', async (_, rest) => {
    expect(await bodyOf(`HTTP/1.1 200 x\r\n${rest}`)).toEqual({ status: 200, text: 'whole' });
  });

  it.each([
    ['of an announced length', 'content-length: 6\r\n\r\nwhole'],
    ['in chunks', 'transfer-encoding: chunked\r\n\r\n2\r\nwh\r\n3\r\nole\r\n'],
    ['of two lengths', 'content-length: 5\r\ncontent-length: 6\r\n\r\nwhole'],
    [
      'of a length and in chunks',
      'content-length: 9\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['of no length', 'content-length: -1\r\n\r\nwhole'],
  ])('%s is none where it is cut short or unclear', async (_, rest) => {
    expect(await bodyOf(`HTTP/1.1 200 x\r\n${rest}`)).toMatchObject({ status: 502 });
  });
});

describe('the room for a body', () => {
  it('is asked for with what is announced, before it is read', async () => {
    const server = createServer((_, response) => response.end(Buffer.alloc(100_000)));
    const address = `http://127.0.0.1:${await listening(server)}`;
    const asked: number[] = [];
    const reserve = (bytes: number): Promise<void> => {
      asked.push(bytes);
      return Promise.resolve();
    };
    const upstream = new Upstream(new Credentials(goAuthentication('off', {}), {}), {});
    const { body } = await upstream.get(address, { path: 'm', bytesMax: 200_000, reserve });
    expect(body).toHaveLength(100_000);
    expect(asked[0]).toBe(100_000);
    await expect(upstream.get(address, { path: 'm', bytesMax: 99_999 })).rejects.toThrow(
      '100000 bytes are announced',
    );
  });
});

describe('a redirect to another host', { tags: ['openssl'] }, () => {
  let folder = '';
  freshFolder((made) => (folder = made));

  it('gets no credentials, and GOAUTH is asked about the first address', async () => {
    const { key, cert, files } = makeCertificates(folder);
    const seen: string[] = [];
    const log = join(folder, 'asked');
    const command = join(folder, 'auth.sh');
    writeFileSync(command, `echo "$*" >> ${log}\n`);
    const last = createTlsServer({ key, cert }, (request, response) => {
      seen.push(`last ${request.headers.authorization ?? 'none'}`);
      response.writeHead(401).end();
    });
    const lastPort = await listening(last);
    const first = createTlsServer({ key, cert }, (request, response) => {
      seen.push(`${request.url ?? ''} ${request.headers.authorization ?? 'none'}`);
      const near = request.url === '/m' ? '/near' : `https://localhost:${lastPort}/x?secret=1`;
      response.writeHead(302, { location: near }).end();
    });
    const address = `https://127.0.0.1:${await listening(first)}`;
    const netrc = join(folder, 'netrc');
    const lines = [new URL(address).host, `localhost:${lastPort}`, 'localhost'].map(
      (machine) => `machine ${machine} login me password ${machine}\n`,
    );
    writeFileSync(netrc, lines.join(''));
    const env = { PATH: process.env['PATH'], NETRC: netrc, SSL_CERT_FILE: files.ca };
    const upstream = new Upstream(
      new Credentials(goAuthentication(`netrc; sh ${command}`, env), env),
      env,
    );
    expect(await upstream.get(address, { path: 'm', bytesMax: 10 })).toMatchObject({ status: 401 });
    const own = `Basic ${Buffer.from(`me:${new URL(address).host}`).toString('base64')}`;
    expect(seen).toEqual([`/m ${own}`, `/near ${own}`, 'last none']);
    expect(readFileSync(log, 'utf8').trim()).toBe(`${address}/m`);
  });
});
