import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { UsageError } from '@tarwarden/host/command-line';

/**
 * Makes a server listen.
 * @returns Its address.
 * @throws UsageError if it cannot.
 */
export async function listen(
  server: Server,
  place: string,
  command: string,
  option?: string,
): Promise<string> {
  const { host, port } = listenAddress(place, command, option);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new UsageError(`cannot listen on ${place}: ${(error as Error).message}`, command);
  }
  const { address, port: taken } = server.address() as AddressInfo;
  const scheme = server instanceof TlsServer ? 'https' : 'http';
  return `${scheme}://${address.includes(':') ? `[${address}]` : address}:${taken}/`;
}

/** Resolves at SIGTERM and SIGINT, with the signal. At a second one of the same kind, the process ends. */
export async function stopRequested(): Promise<'SIGTERM' | 'SIGINT'> {
  return Promise.race(
    (['SIGTERM', 'SIGINT'] as const).map(async (signal) => {
      await once(process, signal);
      return signal;
    }),
  );
}

/** Parses an address to listen on: `127.0.0.1:4873`, `[::1]:0`. */
export function listenAddress(
  text: string,
  command: string,
  option = 'listen',
): { readonly host: string; readonly port: number } {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535)
    throw new UsageError(`--${option} must be HOST:PORT`, command);
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}
