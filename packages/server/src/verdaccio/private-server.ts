/* A server that only processes of this user can reach. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { makeTemporaryFolder } from '@tarwarden/guarded-run';

/** The most bytes of a socket's path, with its final zero, in the smallest `sun_path` (macOS). */
const SOCKET_PATH_MAX = 104;
const NAME = 'socket';

export class PrivateServer {
  readonly path: string;
  /** Rejects if it cannot listen. */
  readonly listening: Promise<void>;
  readonly #server: Server;
  readonly #folder: string | undefined;
  readonly #sockets = new WeakSet<Socket>();

  /** @throws Error if no socket can be made. */
  constructor(listener: RequestListener, env: NodeJS.ProcessEnv) {
    if (process.platform === 'win32') this.path = `\\\\.\\pipe\\tarwarden-${randomUUID()}`;
    else {
      const pathBytesMax = SOCKET_PATH_MAX - `/${NAME}\0`.length;
      this.#folder = makeTemporaryFolder({
        prefix: 'tarwarden-verdaccio-',
        env,
        pathBytesMax,
      }).path;
      this.path = join(this.#folder, NAME);
    }
    this.#server = createServer(listener);
    this.#server.on('connection', (socket) => this.#sockets.add(socket));
    // The gateway waits for answers, and closes idle connections.
    this.#server.requestTimeout = 0;
    this.#server.keepAliveTimeout = 75_000;
    this.listening = new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.path, resolve);
    });
    // Nothing may be waiting for it. An unhandled rejection would end the process; requests fail without it.
    this.listening.catch(() => undefined);
  }

  /** Whether this server received the request, whatever its headers say. */
  received({ socket }: IncomingMessage): boolean {
    return this.#sockets.has(socket);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}

/**
 * The header with the client's address, because verdaccio logs it and counts attempts to sign in. It is set here, and believed only in
 * requests to the private server.
 */
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
