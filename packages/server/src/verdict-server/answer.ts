/* Sends answers to clients, and bounds the time that they stay in memory. */
import type { ServerResponse } from 'node:http';

/** Milliseconds for a whole answer: a guard waits for ten seconds at most. */
const SENT_WITHIN = 30_000;

/** An answer other than success, to be thrown. */
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

/** Ends an answer. It stays in memory until the client has it, so a client that reads too slowly loses it. */
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
  // Not by the request: Node takes the socket away from a request whose body was not read to its end.
  const late = setTimeout(() => response.destroy(), SENT_WITHIN).unref();
  response.once('close', () => clearTimeout(late));
}
