import { once } from 'node:events';
import {
  Agent,
  createServer,
  get as httpGet,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { limitBodies } from '../../../../packages/guard/src/fetch/body-limit.ts';
import { isTooLarge, TooLargeError } from '../../../../packages/guard/src/fetch/too-large.ts';

const BYTES_MAX = 1000;
const BODY = Buffer.from(Array.from({ length: BYTES_MAX }, (_, at) => (at * 7) % 251));

// One limit for the process, as guards set it: for requests that say so.
limitBodies((request) => (request.getHeader('limited') === undefined ? undefined : BYTES_MAX));

let server: Server | undefined;
let agent: Agent;
afterEach(() => {
  agent.destroy();
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const limited = { limited: 'yes' };

/** As a client does it that begins to read a while after it was given the answer. */
async function read(url: string, headers: Record<string, string> = limited): Promise<Buffer> {
  const request = httpGet(url, { headers, agent });
  // Node says of a cut body first to the request what it was cut for.
  const failure = new Promise<never>((_, reject) => void request.on('error', reject));
  failure.catch(() => undefined);
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  const [response] = await Promise.race([answered, failure]);
  return Promise.race([failure, buffer(response)]);
}

/** Sends a body in pieces of so many bytes. */
const inPieces =
  (
    body: Uint8Array,
    size: number,
    headers: Record<string, string | number> = {},
  ): RequestListener =>
  (_, response) => {
    response.writeHead(200, headers);
    for (let at = 0; at < body.length; at += size) response.write(body.subarray(at, at + size));
    response.end();
  };

describe.each([
  ['whole', BYTES_MAX + 1],
  ['byte by byte', 1],
  ['in pieces of 333 bytes', 333],
])('a body that comes %s', (_, size) => {
  it('is left as it is where it is as long as it may be', async () => {
    const url = await serve(inPieces(BODY, size));
    expect(await read(url)).toEqual(BODY);
    expect(await read(url)).toEqual(BODY);
  });

  it('is not read on where it is longer', async () => {
    const url = await serve(inPieces(Buffer.concat([BODY, Buffer.from('x')]), size));
    const error = await read(url).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TooLargeError);
    expect(String(error)).toContain('more than 1000 bytes came, and no more are read');
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ])('is given as it came where it is encoded: %s', async (encoding, encode) => {
    const encoded = encode(BODY);
    const url = await serve(inPieces(encoded, size, { 'content-encoding': encoding }));
    expect(await read(url)).toEqual(encoded);
    expect(await read(url)).toEqual(encoded);
  });

  it('is given as it came where it is not encoded as it says', async () => {
    const url = await serve(inPieces(BODY, size, { 'content-encoding': 'gzip' }));
    expect(await read(url)).toEqual(BODY);
  });
});

describe('a body', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ])('is not given at all where few bytes stand for too many: %s', async (encoding, encode) => {
    const bomb = encode(Buffer.alloc(100 * BYTES_MAX));
    expect(bomb.length).toBeLessThan(BYTES_MAX);
    const url = await serve(inPieces(bomb, bomb.length, { 'content-encoding': encoding }));
    await expect(read(url)).rejects.toThrow('more than 1000 bytes came');
  });

  // got, which Yarn uses, goes by the first bytes.
  it.each([
    ['gzip', deflateSync],
    ['deflate', gzipSync],
    ['x-deflate', gzipSync],
  ])('is not given either where %s is said of the other', async (encoding, encode) => {
    const bomb = encode(Buffer.alloc(100 * BYTES_MAX));
    const url = await serve(inPieces(bomb, bomb.length, { 'content-encoding': encoding }));
    await expect(read(url)).rejects.toThrow('more than 1000 bytes came');
  });

  // minizlib, which npm uses, goes on to the next member.
  it('counts what follows the end as the most that it can become', async () => {
    const members = [gzipSync('x'), Buffer.alloc(1), gzipSync(Buffer.alloc(100 * BYTES_MAX))];
    const url = await serve(inPieces(Buffer.concat(members), 25, { 'content-encoding': 'gzip' }));
    await expect(read(url)).rejects.toThrow('more than 1000 bytes came');
  });

  it('is given as it came where bytes follow in the same piece', async () => {
    const longer = Buffer.concat([gzipSync('x'), BODY.subarray(0, 500)]);
    const url = await serve(inPieces(longer, longer.length, { 'content-encoding': 'gzip' }));
    expect(await read(url)).toEqual(longer);
  });

  it('has its connection closed', async () => {
    const closed: Promise<unknown>[] = [];
    const url = await serve((request, response) => {
      closed.push(once(request.socket, 'close'));
      response.write(Buffer.alloc(BYTES_MAX + 1));
    });
    await expect(read(url)).rejects.toThrow('more than 1000 bytes');
    await Promise.all(closed);
    expect(closed).toHaveLength(1);
  });

  it('is not read at all where it announces that it is longer', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': BYTES_MAX + 1 }).flushHeaders();
    });
    const error = await read(url).catch((reason: unknown) => reason);
    expect(isTooLarge(error)).toBe(true);
    expect(String(error)).toContain('1001 bytes are announced, and no more than 1000 are read');
  });

  it('that announces less than it has is what was announced', async () => {
    const url = await serve((_, response) => {
      response.socket?.write(`HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n`);
      response.socket?.write(Buffer.alloc(10 * BYTES_MAX, 'x'));
    });
    // Node refuses what follows as an answer to nothing, or leaves it; it is never part of the body.
    const got = await read(url).catch((error: unknown) => error);
    expect(got instanceof Error ? isTooLarge(got) : (got as Buffer).length).toSatisfy(
      (value) => value === false || value === 10,
    );
  });

  it('that announces more than it has, and not too much, ends early as without a limit', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 900 }).write('x');
      setImmediate(() => response.destroy());
    });
    const error = await read(url).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(isTooLarge(error)).toBe(false);
  });

  it('of a request that nobody limits may have any length', async () => {
    const url = await serve(inPieces(Buffer.alloc(9 * BYTES_MAX), BYTES_MAX));
    expect(await read(url, {})).toHaveLength(9 * BYTES_MAX);
  });
});

it('an answer without a body may announce any length', async () => {
  const url = await serve((request, response) => {
    if (request.method === 'HEAD') response.writeHead(200, { 'content-length': 10 ** 12 }).end();
    else response.writeHead(304, { 'content-length': 10 ** 12 }).end();
  });
  expect(await read(url)).toHaveLength(0);
  const head = httpRequest(url, { method: 'HEAD', headers: limited, agent }).end();
  const [response] = (await once(head, 'response')) as [IncomingMessage];
  expect(await buffer(response)).toHaveLength(0);
});
