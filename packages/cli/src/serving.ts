import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenPlace } from './command-line/listen.ts';
import { UsageError } from './usage-error.ts';

/**
 * Has a server listen.
 * @returns Its address.
 * @throws UsageError where it cannot.
 */
export async function listen(
  server: Server,
  place: string,
  command: string,
  option?: string,
): Promise<string> {
  const { host, port } = listenPlace(place, command, option);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new UsageError(`cannot listen on ${place}: ${(error as Error).message}`, command);
  }
  const { address, port: taken } = server.address() as AddressInfo;
  return `http://${address.includes(':') ? `[${address}]` : address}:${taken}/`;
}

/** Resolves at SIGTERM and SIGINT. At a second one of the same kind, the process ends. */
export async function stopRequested(): Promise<void> {
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
}
