/* Answers to clients. An answer is in memory until the client has read it. */
import type { ServerResponse } from 'node:http';

/** Milliseconds for all of an answer: a guard waits for ten seconds at most. */
const SENT_WITHIN = 30_000;

/** An answer that is no success, to be thrown. */
export class StoreAnswer extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Sent {
  readonly type: string;
  readonly body: string;
}

/** Ends an answer. Whoever takes it too slowly loses it: it is in memory until then. */
export function send(response: ServerResponse, status: number, { type, body }: Sent): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
  if (response.writableLength === 0) return;
  const late = setTimeout(() => response.req.socket.destroy(), SENT_WITHIN).unref();
  response.once('close', () => clearTimeout(late));
}
