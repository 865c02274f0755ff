/* The address of a client, kept while its request comes to verdaccio a second time: verdaccio logs it, and counts attempts to sign in. */
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** Written here, and believed of a request that came by the private server. */
export const PEER = 'x-tarwarden-peer';

/** Replaces what a client may have written there. */
export function notePeer({ socket, headers }: IncomingMessage): void {
  const { remoteAddress = '' } = socket;
  const isTls = (socket as Partial<TLSSocket>).encrypted === true;
  headers[PEER] = `${isTls ? 'tls' : 'tcp'} ${remoteAddress}`;
}

/** One request at a time comes by a connection of the gateway: it is that of its client meanwhile. */
export function takePeer({ socket, headers }: IncomingMessage): void {
  const [kind, address = ''] = String(headers[PEER] ?? '').split(' ');
  delete headers[PEER];
  Object.defineProperties(socket, {
    remoteAddress: { value: address === '' ? undefined : address, configurable: true },
    encrypted: { value: kind === 'tls', configurable: true },
  });
}
