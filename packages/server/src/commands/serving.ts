import { once } from 'node:events';
import type { Server } from 'node:net';
import { UsageError } from '@tarwarden/guard/command-line';
import { hostAndPort, listeningUrl } from '../gateway/public-url.ts';

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
  return `${listeningUrl(server)}/`;
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
  const found = hostAndPort(text);
  if (found === undefined) throw new UsageError(`--${option} must be HOST:PORT`, command);
  return found;
}
