/* Finds the address that clients use, if the operator has not set one. */
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { Server as TlsServer } from 'node:tls';

/** Names of this machine for itself. */
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** The listening address, or the loopback address that the request names. Other `host` headers could end up in shared caches. */
export function publicUrlOf(server: Server, { headers: { host = '' } }: IncomingMessage): string {
  const scheme = server instanceof TlsServer ? 'https' : 'http';
  if (LOOPBACK.test(host)) return `${scheme}://${host.toLowerCase()}`;
  const { address, port } = server.address() as AddressInfo;
  return `${scheme}://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** Whether a listening address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.includes(':') ? `[${host}]` : host);
}
