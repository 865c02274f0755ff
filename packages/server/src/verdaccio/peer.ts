/* Keeps the client's address when a request passes through the private socket: verdaccio logs it, and counts attempts to sign in. */
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** Set here, and believed only in requests to the private server. */
export const PEER = 'x-tarwarden-peer';

/** Replaces a header that the client may have sent. */
export function notePeer({ socket, headers }: IncomingMessage): void {
  const { remoteAddress = '' } = socket;
  const isTls = (socket as Partial<TLSSocket>).encrypted === true;
  headers[PEER] = `${isTls ? 'tls' : 'tcp'} ${remoteAddress}`;
}

/** A connection of the gateway carries one request at a time, so it can take the client's address meanwhile. */
export function takePeer({ socket, headers }: IncomingMessage): void {
  const [kind, address = ''] = String(headers[PEER] ?? '').split(' ');
  delete headers[PEER];
  Object.defineProperties(socket, {
    remoteAddress: { value: address === '' ? undefined : address, configurable: true },
    encrypted: { value: kind === 'tls', configurable: true },
  });
}
