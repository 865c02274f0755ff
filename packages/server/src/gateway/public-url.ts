/* Finds the address that clients use, if the operator has not set one. */
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Names of this machine for itself. */
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** The listening address, or the loopback address that the request names. Other `host` headers could end up in shared caches. */
export function publicUrlOf(server: Server, { headers: { host = '' } }: IncomingMessage): string {
  if (LOOPBACK.test(host)) return `http://${host.toLowerCase()}`;
  const { address, port } = server.address() as AddressInfo;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** Whether a listening address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.includes(':') ? `[${host}]` : host);
}
