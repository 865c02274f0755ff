/* Finds the address that clients use, if the operator has not set one. */
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { Server as TlsServer } from 'node:tls';

/** Names of this machine for itself. */
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** The listening address, or the loopback address that the request names. Other `host` headers could end up in shared caches. */
export function publicUrlOf(server: Server, { headers: { host = '' } }: IncomingMessage): string {
  return LOOPBACK.test(host) ? `${schemeOf(server)}://${host.toLowerCase()}` : listeningUrl(server);
}

/** The address at which a server listens, without a slash at its end. */
export function listeningUrl(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return `${schemeOf(server)}://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function schemeOf(server: Server): 'http' | 'https' {
  return server instanceof TlsServer ? 'https' : 'http';
}

/** The parts of an address to listen on: `127.0.0.1:4873`, `[::1]:0`. Undefined for another text, and for a port that is too high. */
export function hostAndPort(
  text: string,
): { readonly host: string; readonly port: number } | undefined {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535) return undefined;
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}

/** Whether a listening address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.includes(':') ? `[${host}]` : host);
}
