/* Parses verdaccio's listening addresses: `4873`, `0.0.0.0:4873`, `https://[::1]:4873/`, `unix:/run/verdaccio.sock`. */
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { messageOf, StartError } from './start-error.ts';

export interface ListenPlace {
  readonly text: string;
  readonly protocol: 'http' | 'https';
  readonly at: { readonly host: string; readonly port: number } | { readonly path: string };
}

const DEFAULT = 'localhost:4873';
const PORT_MAX = 65_535;

/** @throws StartError for an invalid address, and for http beside https: one server cannot speak both. */
export function placesIn(listen: unknown): readonly [ListenPlace, ...ListenPlace[]] {
  const [first, ...others] = [listen ?? DEFAULT].flat().map(placeIn);
  if (first === undefined) throw new StartError('listen: names no place');
  if (others.some(({ protocol }) => protocol !== first.protocol))
    throw new StartError('listen: has http and https: start one for each');
  return [first, ...others];
}

function placeIn(given: unknown): ListenPlace {
  const text = String(given);
  const [, scheme = 'http', rest = ''] = /^(?:(https?):(?:\/\/)?)?(.*)$/.exec(text) ?? [];
  const protocol = scheme === 'https' ? 'https' : 'http';
  const path = /^unix:(\/.+)$/.exec(rest)?.[1];
  if (path !== undefined) return { text, protocol, at: { path } };
  const [, bracketed, plain, digits] =
    /^(?:(?:\[([^[\]]+)\]|([^/:]*)):)?(\d{1,5})\/?$/.exec(rest) ?? [];
  const port = Number(digits ?? PORT_MAX + 1);
  if (port > PORT_MAX) throw new StartError(`listen: ${JSON.stringify(given)} is not a place`);
  const host = bracketed ?? (plain === undefined || plain === '' ? 'localhost' : plain);
  return { text, protocol, at: { host, port } };
}

/** Listens at all addresses or at none. @returns The addresses. @throws StartError */
export async function listenAt(
  server: HttpServer,
  [first, ...others]: readonly [ListenPlace, ...ListenPlace[]],
): Promise<{ readonly addresses: readonly string[]; readonly servers: readonly Server[] }> {
  const pass = (): Server => createServer((socket) => void server.emit('connection', socket));
  const all: readonly (readonly [Server, ListenPlace])[] = [
    [server, first],
    ...others.map((place) => [pass(), place] as const),
  ];
  const listening: Server[] = [];
  try {
    for (const [listener, { at, text }] of all) {
      listener.listen(at);
      await once(listener, 'listening').catch((error: unknown) => {
        throw new StartError(`cannot listen on ${text}: ${messageOf(error)}`);
      });
      listening.push(listener);
    }
  } catch (error) {
    for (const listener of listening) listener.close();
    server.closeAllConnections();
    throw error;
  }
  return {
    addresses: all.map(([listener, place]) => addressOf(listener, place)),
    servers: listening,
  };
}

function addressOf(server: Server, { protocol, text }: ListenPlace): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') return text;
  const { address, port } = bound;
  return `${protocol}://${address.includes(':') ? `[${address}]` : address}:${port}/`;
}
