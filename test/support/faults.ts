/** What goes wrong between a registry and its client, as answers that a test server sends instead of the true one. */
import type { ServerResponse } from 'node:http';
import { deflateSync, gzipSync } from 'node:zlib';
import { setTimeout as wait } from 'node:timers/promises';
import { tgz } from './pkg.ts';

export const FAULTS = [
  'cut',
  'cut-without-length',
  'reset',
  'silent-reset',
  'empty',
  'byte',
  'html',
  'other-bytes',
  'other-package',
  'length-too-short',
  'length-too-long',
  'length-huge',
  'status-503',
  'status-429',
  'status-404',
  'labelled-gzip',
  'encoded-gzip',
  'encoded-bomb',
  'bomb-as-gzip',
  'bomb-as-deflate',
  'endless',
  'slow',
] as const;

export type Fault = (typeof FAULTS)[number];

/** What is over when it is asked for again, whoever asks. */
export const PASSING: readonly Fault[] = [
  'cut',
  'cut-without-length',
  'reset',
  'silent-reset',
  'empty',
  'html',
  'other-bytes',
  'other-package',
  'length-too-short',
  'status-503',
];

const PAGE = '<!doctype html><title>Sign in</title><p>This network wants you to sign in.\n';
/** More than any limit of this project's downloads. */
const HUGE_BYTES = 1024 ** 4;
const PIECE = Buffer.alloc(256 * 1024, 'x');

/** Few bytes that stand for many, as long as they are on their way alone. */
const BOMB = gzipSync(Buffer.alloc(64 * 1024 * 1024));

/** The same in zlib's format, which Yarn decodes whatever the label says. */
const DEFLATED_BOMB = deflateSync(Buffer.alloc(64 * 1024 * 1024));

/** What a client must never install: served instead of another package. */
export const STRANGER: Buffer = tgz({ name: 'stranger', files: { 'stranger.js': '//\n' } });

/** Answers a request for `bytes` as the fault has it. */
export async function sendFault(
  fault: Fault,
  bytes: Uint8Array,
  response: ServerResponse,
): Promise<void> {
  const type = { 'content-type': 'application/octet-stream' };
  const half = bytes.subarray(0, bytes.length >> 1);
  const whole = (body: Uint8Array, more: Readonly<Record<string, string>> = {}): void => {
    response.writeHead(200, { ...type, 'content-length': body.length, ...more }).end(body);
  };
  const begin = async (headers: Readonly<Record<string, string | number>>): Promise<void> => {
    response.writeHead(200, { ...type, ...headers });
    await new Promise((resolve) => response.write(half, resolve));
  };
  switch (fault) {
    case 'cut':
      await begin({ 'content-length': bytes.length });
      return void response.destroy();
    case 'cut-without-length':
      // As servers of HTTP/1.0 have it: the end of the connection is the end of the body.
      response.shouldKeepAlive = false;
      response.useChunkedEncodingByDefault = false;
      return void response.writeHead(200, { ...type, connection: 'close' }).end(half);
    case 'reset':
      await begin({ 'content-length': bytes.length });
      return void response.socket?.resetAndDestroy();
    case 'silent-reset':
      return void response.socket?.resetAndDestroy();
    case 'empty':
      return whole(Buffer.alloc(0));
    case 'byte':
      return whole(Buffer.from('x'));
    case 'html':
      return whole(Buffer.from(PAGE), { 'content-type': 'text/html' });
    case 'other-bytes':
      return whole(Buffer.alloc(bytes.length, 'x'));
    case 'other-package':
      return whole(STRANGER);
    case 'length-too-short':
      response.writeHead(200, { ...type, 'content-length': bytes.length - 10 });
      return void response.end(bytes);
    case 'length-too-long': {
      const { socket } = response;
      await begin({ 'content-length': bytes.length + 10 });
      // Not kept for another request: what is missing does not come.
      return void response.end(bytes.subarray(half.length), () => socket?.end());
    }
    case 'length-huge':
      response.writeHead(200, { ...type, 'content-length': HUGE_BYTES });
      return void response.write(bytes);
    case 'status-503':
    case 'status-429':
    case 'status-404':
      return void response.writeHead(Number(fault.slice('status-'.length))).end('{}');
    case 'labelled-gzip':
      return whole(bytes, { 'content-encoding': 'gzip' });
    case 'encoded-gzip':
      return whole(gzipSync(bytes), { 'content-encoding': 'gzip' });
    case 'encoded-bomb':
      return whole(BOMB, { 'content-encoding': 'gzip' });
    case 'bomb-as-gzip':
      return whole(DEFLATED_BOMB, { 'content-encoding': 'gzip' });
    case 'bomb-as-deflate':
      return whole(BOMB, { 'content-encoding': 'deflate' });
    case 'endless':
      response.writeHead(200, type);
      while (!response.destroyed) if (!response.write(PIECE)) await drained(response);
      return undefined;
    case 'slow':
      response.writeHead(200, { ...type, 'content-length': bytes.length });
      for (let at = 0; at < bytes.length && !response.destroyed; at += half.length || 1) {
        response.write(bytes.subarray(at, at + (half.length || 1)));
        await wait(300);
      }
      return void response.end();
  }
}

async function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
