import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:https';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchDirectly } from '../../../../packages/host/src/fetch/direct-fetch.ts';
import { BODIES_BYTES_MAX, bodiesBudget } from '../../../../packages/host/src/fetch/fetch-body.ts';
import {
  PlainConnections,
  readHead,
  type PlainAnswer,
  type PlainRequest,
} from '../../../../packages/host/src/fetch/plain-connections.ts';
import { makeCertificates } from '../../../support/certificates.ts';

let server: Server | undefined;
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server?.close();
  server = undefined;
});

/** Serves each request by hand. `heard` has the text of each request, `connections` the number of connections. */
async function serve(
  answer: (socket: Socket, request: string) => void,
): Promise<{ port: number; heard: string[]; connections: () => number }> {
  const heard: string[] = [];
  let connections = 0;
  const made = (server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      heard.push(piece.toString('latin1'));
      answer(socket, piece.toString('latin1'));
    });
  }));
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return { port: (made.address() as AddressInfo).port, heard, connections: () => connections };
}

const open = (port: number, max = 1): PlainConnections =>
  new PlainConnections((onread) => connect({ host: '127.0.0.1', port, onread }), max);

const get = (
  to: PlainConnections,
  path: string,
  more: Partial<PlainRequest> = {},
): Promise<PlainAnswer> =>
  to.get({
    url: new URL(`http://host.example:81${path}`),
    userAgent: 'agent',
    signal: new AbortController().signal,
    idle: 5000,
    bytesMax: 1000,
    ...more,
  });

const ok = (body: string, headers = ''): string =>
  `HTTP/1.1 200 OK\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;

describe('PlainConnections', () => {
  it('asks for one body after the other over the same connection', async () => {
    const { port, heard, connections } = await serve((socket, request) =>
      socket.write(ok(request.slice(0, 6))),
    );
    const to = open(port);
    const both = await Promise.all([get(to, '/a?b=c'), get(to, '/d')]);
    expect(both.map(String)).toEqual(['GET /a', 'GET /d']);
    expect(connections()).toBe(1);
    expect(heard[0]).toBe(
      'GET /a?b=c HTTP/1.1\r\nHost: host.example:81\r\nAccept: */*\r\nUser-Agent: agent\r\nConnection: keep-alive\r\n\r\n',
    );
  });

  it('opens as many connections as it may', async () => {
    const { port, connections } = await serve((socket) => void socket.write(ok('x')));
    const to = open(port, 3);
    await Promise.all(Array.from({ length: 9 }, () => get(to, '/')));
    expect(connections()).toBe(3);
  });

  it('gives the same body, however the answer is cut', async () => {
    const text = ok('0123456789', 'ETag: "x"\r\n');
    for (const step of [1, 2, 7, 50]) {
      // oxlint-disable-next-line no-loop-func -- each server uses its own step
      const { port } = await serve((socket) => {
        socket.setNoDelay(true);
        const send = (at: number): void => {
          if (at >= text.length) return;
          socket.write(text.slice(at, at + step));
          setImmediate(() => send(at + step));
        };
        send(0);
      });
      // oxlint-disable-next-line no-await-in-loop -- one server after the other
      expect(String(await get(open(port), '/'))).toBe('0123456789');
      server?.close();
    }
  });

  it('ends a connection on which more came than was announced, or which the server closes', async () => {
    for (const [headers, more] of [
      ['', 'HTTP/1.1 200 OK'],
      ['Connection: close\r\n', ''],
    ] as const) {
      const { port, connections } = await serve((socket) => socket.write(ok('ab', headers) + more));
      const to = open(port);
      // oxlint-disable-next-line no-await-in-loop -- the second request must not get the bytes of the first
      expect(String(await get(to, '/'))).toBe('ab');
      // oxlint-disable-next-line no-await-in-loop
      expect(String(await get(to, '/'))).toBe('ab');
      expect(connections()).toBe(2);
      server?.close();
    }
  });

  it('ends a connection on which bytes come that nobody asked for', async () => {
    const { port, connections } = await serve((socket) => {
      socket.write(ok('ab'));
      setTimeout(() => socket.write(ok('forged')), 20);
    });
    const to = open(port);
    expect(String(await get(to, '/'))).toBe('ab');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(String(await get(to, '/'))).toBe('ab');
    expect(connections()).toBe(2);
  });

  it('rejects a body that is cut, an answer that stalls, and a port that is closed', async () => {
    const { port } = await serve((socket, request) => {
      socket.write(ok('abc').slice(0, -1));
      if (request.startsWith('GET /cut')) socket.end();
    });
    const to = open(port);
    await expect(get(to, '/cut')).rejects.toThrow('the connection was closed');
    await expect(get(to, '/stall', { idle: 50 })).rejects.toThrow('no byte came in time');
    const abort = new AbortController();
    abort.abort();
    await expect(get(to, '/', { signal: abort.signal })).rejects.toThrow('aborted');
    await expect(get(open(9), '/')).rejects.toThrow('ECONNREFUSED');
  });

  it.each([
    ['a 404', 'HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n', 404],
    ['a 302', 'HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 1\r\n\r\nx', 302],
    ['an encoded body', ok('x', 'Content-Encoding: gzip\r\n'), 'unfit'],
    ['a body that is too long', ok('x'.repeat(1001)), 'unfit'],
    ['no HTTP', 'SSH-2.0-x\r\n\r\n', 'unfit'],
    ['a head without an end', 'x'.repeat(16 * 1024 + 1), 'unfit'],
  ] as const)('leaves %s to others', async (_, text, expected) => {
    const { port, heard } = await serve((socket) => void socket.write(text));
    const to = open(port);
    const [first, second] = await Promise.all([get(to, '/'), get(to, '/')]);
    expect(first).toBe(expected);
    expect(second).toBe(expected);
    // If the first answer does not fit, it does not ask for the rest.
    expect(heard.length).toBe(expected === 'unfit' ? 1 : 2);
  });

  it('fails each request if no socket can be made, and none waits for another', async () => {
    const to = new PlainConnections(() => {
      throw new Error('not a certificate');
    }, 1);
    await expect(get(to, '/a')).rejects.toThrow('not a certificate');
    await expect(get(to, '/b')).rejects.toThrow('not a certificate');
  });

  it('sends no header that a setting smuggles in', async () => {
    expect(await get(open(9), '/', { userAgent: 'x\r\nAuthorization: y' })).toBe('unfit');
  });

  it('reads a body only when there is room for it', async () => {
    const body = '0123456789'.repeat(40_000);
    const { port } = await serve((socket) => void socket.write(ok(body)));
    const share = bodiesBudget.share();
    await share.take(BODIES_BYTES_MAX);
    let answer: PlainAnswer | undefined;
    const asked = get(open(port), '/', { idle: 30, bytesMax: 1e6 }).then(
      (bytes) => (answer = bytes),
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(answer).toBeUndefined();
    share.release();
    await asked;
    expect(String(answer)).toBe(body);
    // All of the room is free again.
    const all = bodiesBudget.share();
    expect(all.take(BODIES_BYTES_MAX)).toBeUndefined();
    all.release();
  });
});

describe('readHead', () => {
  const head = (...lines: string[]): ReturnType<typeof readHead> =>
    readHead(['HTTP/1.1 200 OK', ...lines].join('\r\n'));

  it('reads the length, and whether the connection stays open', () => {
    expect(head('content-length: 12')).toEqual({ status: 200, length: 12, closes: false });
    expect(head('X-Other: a: b', 'Content-LENGTH:0', 'Connection: Keep-Alive')).toEqual({
      status: 200,
      length: 0,
      closes: false,
    });
    expect(head('Content-Length: 1', 'connection: close')?.closes).toBe(true);
    expect(head('Connection: upgrade')).toEqual({ status: 200, length: undefined, closes: true });
  });

  it.each([
    ['two lengths', 'Content-Length: 1', 'Content-Length: 1'],
    ['a list of lengths', 'Content-Length: 1, 1'],
    ['a sign', 'Content-Length: +1'],
    ['hexadecimal digits', 'Content-Length: 0x1'],
    ['no digits', 'Content-Length:'],
    ['a space before the colon', 'Content-Length : 1'],
    ['chunks', 'Content-Length: 1', 'Transfer-Encoding: chunked'],
    ['an encoding', 'content-encoding: br', 'Content-Length: 1'],
    ['a folded header', 'X: y', ' Content-Length: 1'],
    ['a bare line feed', 'X: y\nContent-Length: 2', 'Content-Length: 1'],
    ['a bare carriage return', 'X: y\rContent-Length: 2', 'Content-Length: 1'],
    ['no name', ': y', 'Content-Length: 1'],
  ])('leaves a head with %s to others', (_, ...lines) => {
    expect(head(...lines)).toBeUndefined();
  });

  it.each(['HTTP/1.0 200 OK', 'HTTP/1.1 103 Early Hints', 'HTTP/1.1 2000', 'http/1.1 200 OK', ''])(
    'leaves %j to others',
    (first) => {
      expect(readHead(`${first}\r\nContent-Length: 1`)).toBeUndefined();
    },
  );
});

describe('over TLS', () => {
  it('believes only a certificate of the given authority, for this host', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plain-tls-'));
    const { ca, key, cert } = makeCertificates(folder);
    rmSync(folder, { recursive: true });
    const secure = createSecureServer({ key, cert }, (_, response) => {
      const bytes = Buffer.alloc(300_000, 'x');
      response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
    });
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    const { port } = secure.address() as AddressInfo;
    const fetchFrom = async (
      host: string,
      settings: Parameters<typeof fetchDirectly>[0]['settings'],
    ): Promise<number | undefined> => {
      const { signal } = new AbortController();
      const url = new URL(`https://${host}:${port}/x`);
      const answer = await fetchDirectly({ url, settings, signal, idle: 5000, bytesMax: 1e6 });
      return answer?.bytes.length;
    };
    try {
      expect(await fetchFrom('127.0.0.1', { ca: [ca] })).toBe(300_000);
      expect(await fetchFrom('localhost', { ca: [ca] })).toBe(300_000);
      expect(await fetchFrom('127.0.0.1', { strictSsl: false })).toBe(300_000);
      expect(await fetchFrom('127.0.0.1', {})).toBeUndefined();
      // The certificate does not have this address.
      expect(await fetchFrom('127.0.0.2', { ca: [ca] })).toBeUndefined();
    } finally {
      secure.closeAllConnections();
      secure.close();
    }
  });
});
