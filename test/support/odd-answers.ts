/*
 * Answers that no honest registry gives, as the bytes that it sends before it closes the connection: a gateway or a client that asks has to
 * live on whatever comes.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

/** What is sent, in parts with a pause between them. `reset`: the connection is reset instead of closed. */
export interface OddAnswer {
  readonly parts: readonly (Buffer | string)[];
  readonly reset?: boolean;
}

const CRLF = '\r\n';

function head(status: string, ...headers: string[]): string {
  return [`HTTP/1.1 ${status}`, ...headers, '', ''].join(CRLF);
}

/** One answer with a length, and the body. */
function answer(status: string, body: Buffer, ...headers: string[]): OddAnswer {
  return { parts: [head(status, `Content-Length: ${body.length}`, ...headers), body] };
}

const encoded =
  (encoding: string, pack: (body: Buffer) => Buffer = (body) => body) =>
  (body: Buffer): OddAnswer =>
    answer('200 OK', pack(body), `Content-Encoding: ${encoding}`);

const status =
  (line: string, ...headers: string[]) =>
  (body: Buffer): OddAnswer =>
    answer(line, body, ...headers);

const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024));

type Make = (body: Buffer, type: string) => OddAnswer;

export const ODD_ANSWERS: Readonly<Record<string, Make>> = {
  'encoding br': encoded('br', brotliCompressSync),
  'encoding br, not packed': encoded('br'),
  'encoding x-gzip': encoded('x-gzip', (body) => gzipSync(body)),
  'encoding empty': encoded(''),
  'encoding deflate': encoded('deflate', (body) => deflateSync(body)),
  'encoding gzip, gzip': encoded('gzip, gzip', (body) => gzipSync(gzipSync(body))),
  'encoding gzip, deflate': encoded('gzip, deflate', (body) => deflateSync(gzipSync(body))),
  'encoding zstd': encoded('zstd'),
  'encoding unknown': encoded('unknown'),
  'encoding a comma': encoded(','),
  'encoding of 10 kB': encoded('a'.repeat(10_000)),
  'encoding twice': (body) =>
    answer('200 OK', body, 'Content-Encoding: gzip', 'Content-Encoding: br'),
  'encoding br, then a reset': (body) => ({
    parts: [head('200 OK', 'Content-Encoding: br', 'Content-Length: 99999'), body],
    reset: true,
  }),
  'gzip that is none': encoded('gzip'),
  'gzip cut short': encoded('gzip', (body) => gzipSync(body).subarray(0, -9)),
  'gzip without a byte': encoded('gzip', () => Buffer.alloc(0)),
  'gzip with a wrong checksum': encoded('gzip', (body) => {
    const packed = gzipSync(body);
    packed[packed.length - 6]! ^= 1;
    return packed;
  }),
  'gzip with bytes behind it': encoded('gzip', (body) =>
    Buffer.concat([gzipSync(body), Buffer.from('trailing')]),
  ),
  'gzip in two members': encoded('gzip', (body) => Buffer.concat([gzipSync(body), gzipSync(body)])),
  'a gzip bomb': encoded('gzip', () => bomb),

  '100 and then 200': (body) => {
    const { parts } = answer('200 OK', body);
    return { parts: [head('100 Continue'), ...parts] };
  },
  '103 and then 200': (body) => {
    const { parts } = answer('200 OK', body);
    return { parts: [head('103 Early Hints', 'Link: </x>; rel=preload'), ...parts] };
  },
  '100 and nothing': () => ({ parts: [head('100 Continue')] }),
  '101 unasked': () => ({
    parts: [head('101 Switching Protocols', 'Upgrade: x', 'Connection: upgrade'), 'x'],
  }),
  '102 with a body': status('102 Processing'),
  '201 with a body': status('201 Created'),
  '204 unasked': () => ({ parts: [head('204 No Content')] }),
  '204 with a body': status('204 No Content'),
  '205 unasked': status('205 Reset Content'),
  '206 unasked': status('206 Partial Content', 'Content-Range: bytes 0-1/99'),
  '206 without a range': status('206 Partial Content'),
  '302 without location': status('302 Found'),
  '302 to nowhere': status('302 Found', 'Location: http://'),
  '302 to itself': (body) => answer('302 Found', body, 'Location: ?'),
  '302 to another scheme': status('302 Found', 'Location: file:///etc/passwd'),
  '302 to a port that nobody has': status('302 Found', 'Location: http://127.0.0.1:1/x'),
  '302 with two locations': status('302 Found', 'Location: /a', 'Location: /b'),
  '304 unasked': () => ({ parts: [head('304 Not Modified', 'ETag: "x"')] }),
  '304 with a body': status('304 Not Modified'),
  '304 with headers that are not ASCII': () => ({
    parts: [Buffer.from(head('304 Not Modified', 'ETag: "\u00FF"'), 'latin1')],
  }),
  '401 with a body': status('401 Unauthorized', 'WWW-Authenticate: Basic realm="\u00E9"'),
  '404 with encoding br': status(
    '404 Not Found',
    'Content-Encoding: br',
    'Content-Type: text/plain',
  ),
  '404 with a reset': (body) => ({
    parts: [head('404 Not Found', 'Content-Length: 99999'), body],
    reset: true,
  }),
  '500 without a length': () => ({ parts: [head('500 Internal Server Error')] }),
  '503 with encoding empty': status('503 Service Unavailable', 'Content-Encoding:'),
  '599': status('599 Odd'),
  '000': status('000 Odd'),
  '99999': status('99999 Odd'),
  'a status of letters': status('abc Odd'),
  'a phrase of 20 kB': status(`200 ${'x'.repeat(20_000)}`),

  'a length that is too long': (body) => ({
    parts: [head('200 OK', `Content-Length: ${body.length + 7}`), body],
  }),
  'a length that is too short': (body) => ({
    parts: [head('200 OK', `Content-Length: ${Math.max(body.length - 7, 0)}`), body],
  }),
  'two lengths': (body) => answer('200 OK', body, `Content-Length: ${body.length + 1}`),
  'a negative length': (body) => ({ parts: [head('200 OK', 'Content-Length: -1'), body] }),
  'a length of letters': (body) => ({ parts: [head('200 OK', 'Content-Length: x'), body] }),
  'a huge length': (body) => ({
    parts: [head('200 OK', `Content-Length: ${'9'.repeat(30)}`), body],
  }),
  'no length': (body) => ({ parts: [head('200 OK'), body] }),
  'a length and chunks': (body) => ({
    parts: [head('200 OK', `Content-Length: ${body.length}`, 'Transfer-Encoding: chunked'), body],
  }),
  'chunks without an end': (body) => ({
    parts: [
      head('200 OK', 'Transfer-Encoding: chunked'),
      `${body.length.toString(16)}${CRLF}`,
      body,
      CRLF,
    ],
  }),
  'chunks with trailers': (body) => ({
    parts: [
      head('200 OK', 'Transfer-Encoding: chunked', 'Trailer: ETag'),
      `${body.length.toString(16)};x=y${CRLF}`,
      body,
      `${CRLF}0${CRLF}ETag: "x"${CRLF}Content-Length: 1${CRLF}${CRLF}`,
    ],
  }),
  'a chunk with a wrong size': (body) => ({
    parts: [head('200 OK', 'Transfer-Encoding: chunked'), `-1${CRLF}`, body],
  }),
  'a chunk of letters': (body) => ({
    parts: [head('200 OK', 'Transfer-Encoding: chunked'), `zz${CRLF}`, body],
  }),
  'transfer encoding gzip': (body) => ({
    parts: [head('200 OK', 'Transfer-Encoding: gzip'), gzipSync(body)],
  }),
  'transfer encoding unknown': (body) => ({
    parts: [head('200 OK', 'Transfer-Encoding: x, chunked'), body],
  }),
  'transfer encoding twice': (body) => ({
    parts: [head('200 OK', 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'), body],
  }),
  'bytes behind the answer': (body) => {
    const { parts } = answer('200 OK', body);
    return { parts: [...parts, 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'] };
  },

  'headers of 100 kB': (body) => answer('200 OK', body, `X-Long: ${'x'.repeat(100_000)}`),
  'ten thousand headers': (body) =>
    answer('200 OK', body, ...Array.from({ length: 10_000 }, (_, i) => `X-${i}: x`)),
  'a header with a zero': (body) => answer('200 OK', body, 'ETag: "a\0b"'),
  'headers that are not ASCII': (body) => {
    const notice = '\u00E9\u00FF\u0080';
    const names = ['ETag', 'Content-Type', 'Npm-Notice', 'Last-Modified', 'Repr-Digest'];
    const { parts } = answer('200 OK', body, ...names.map((name) => `${name}: ${notice}`));
    return { parts: [Buffer.from(parts[0] as string, 'latin1'), parts[1]!] };
  },
  'headers in UTF-8': (body) => {
    const names = ['ETag', 'Npm-Notice', 'Last-Modified', 'Repr-Digest', 'WWW-Authenticate'];
    return answer('200 OK', body, ...names.map((name) => `${name}: \u4E2D\u{1F600}`));
  },
  'a header without a name': (body) => answer('200 OK', body, ': x'),
  'a header without a colon': (body) => answer('200 OK', body, 'x'),
  'a header that is folded': (body) => answer('200 OK', body, 'X-A: b', ' c'),
  'a header named __proto__': (body) =>
    answer('200 OK', body, '__proto__: x', 'constructor: y', 'hasOwnProperty: z'),
  'each header twice': (body) =>
    answer('200 OK', body, 'ETag: "a"', 'ETag: "b"', 'Content-Type: a/b', 'Content-Type: c/d'),
  'Connection: close': (body) => answer('200 OK', body, 'Connection: close'),
  'Connection: keep-alive, then the end': (body) =>
    answer('200 OK', body, 'Connection: keep-alive', 'Keep-Alive: timeout=0'),
  'HTTP/9.9': (body) => ({ parts: ['HTTP/9.9 200 OK\r\n\r\n', body] }),
  'no HTTP': (body) => ({ parts: [body] }),
  'a preface of HTTP/2': () => ({ parts: ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'] }),

  nothing: () => ({ parts: [] }),
  'a reset at once': () => ({ parts: [], reset: true }),
  'a reset in the status line': () => ({ parts: ['HTTP/1.1 20'], reset: true }),
  'a reset in the headers': () => ({ parts: ['HTTP/1.1 200 OK\r\nContent-Le'], reset: true }),
  'a reset behind the headers': () => ({
    parts: [head('200 OK', 'Content-Length: 100')],
    reset: true,
  }),
  'a reset in the body': (body) => ({
    parts: [head('200 OK', `Content-Length: ${body.length}`), body.subarray(0, body.length >> 1)],
    reset: true,
  }),
  'a reset in a packed body': (body) => ({
    parts: [
      head('200 OK', 'Content-Encoding: gzip', 'Transfer-Encoding: chunked'),
      '8\r\n',
      gzipSync(body).subarray(0, 8),
      '\r\n',
    ],
    reset: true,
  }),
  'a reset before the last byte': (body) => ({
    parts: [head('200 OK', `Content-Length: ${body.length}`), body.subarray(0, -1)],
    reset: true,
  }),
  'the end in the body': (body) => ({
    parts: [head('200 OK', `Content-Length: ${body.length}`), body.subarray(0, body.length >> 1)],
  }),
};

export interface OddRegistry {
  readonly url: string;
  /** The path that is answered oddly, and how. */
  odd: { readonly path: string; readonly make: Make } | undefined;
  /** Closes all connections: a request on one that is just being closed fails with any registry. */
  closed(): Promise<void>;
  close(): void;
}

/** A registry that sends what is in `pages`, by path without the query, or the odd answer. */
export async function startOddRegistry(
  pages: ReadonlyMap<string, { readonly body: Buffer; readonly type: string }>,
): Promise<OddRegistry> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let text = '';
    socket.on('data', (part) => {
      text += part.toString('latin1');
      const target = /^\S+ (\S+) HTTP\/1\.1\r\n[^]*?\r\n\r\n/.exec(text)?.[1];
      if (target === undefined) return;
      text = '';
      void send(socket, answerTo(target.split('?', 1)[0]!));
    });
  });
  const registry: OddRegistry = {
    url: '',
    odd: undefined,
    async closed() {
      await wait(5);
      for (const socket of sockets) socket.resetAndDestroy();
      await wait(15);
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  const answerTo = (path: string): OddAnswer => {
    const page = pages.get(path) ?? { body: Buffer.from('{}'), type: 'application/json' };
    const { odd } = registry;
    if (odd?.path === path) return odd.make(page.body, page.type);
    return answer(
      pages.has(path) ? '200 OK' : '404 Not Found',
      page.body,
      `Content-Type: ${page.type}`,
      'Connection: close',
    );
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(registry, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
}

async function send(socket: Socket, { parts, reset = false }: OddAnswer): Promise<void> {
  for (const part of parts) {
    if (socket.destroyed) return;
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
    // oxlint-disable-next-line no-await-in-loop -- each part has to arrive by itself
    await new Promise((resolve) => socket.write(bytes, resolve));
    // oxlint-disable-next-line no-await-in-loop
    await wait(1);
  }
  if (reset) socket.resetAndDestroy();
  else socket.end(() => setTimeout(() => socket.destroy(), 10));
}
