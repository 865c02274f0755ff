/* The gateway's address for clients, if `--public-url` does not give it. */
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Names of this machine for itself. */
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/**
 * The address at which it listens, or that of this machine that the request names. Any other `host` would be written into documents by
 * whoever asks, and kept by caches in between.
 */
export function publicUrlOf(server: Server, { headers: { host = '' } }: IncomingMessage): string {
  if (LOOPBACK.test(host)) return `http://${host.toLowerCase()}`;
  const { address, port } = server.address() as AddressInfo;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** Whether an address to listen at is this machine's alone. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.includes(':') ? `[${host}]` : host);
}
