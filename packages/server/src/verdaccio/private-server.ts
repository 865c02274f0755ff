/* A server that only this user's processes reach. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { makeTemporaryFolder } from '@tarwarden/guarded-run';

/** Bytes of the path of a socket, with the zero behind it, in the smallest `sun_path` (macOS). */
const SOCKET_PATH_MAX = 104;
const NAME = 'socket';

export class PrivateServer {
  readonly path: string;
  /** Rejects where it cannot listen. */
  readonly listening: Promise<void>;
  readonly #server: Server;
  readonly #folder: string | undefined;
  readonly #sockets = new WeakSet<Socket>();

  /** @throws Error where there is no place for its socket. */
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
    // The client waits for the answer, and the gateway closes idle connections.
    this.#server.requestTimeout = 0;
    this.#server.keepAliveTimeout = 75_000;
    this.listening = new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.path, resolve);
    });
    // Nothing may be waiting for it. An unhandled rejection would end the process; requests fail without it.
    this.listening.catch(() => undefined);
  }

  /** Whether a request came by this server, whatever it says of itself. */
  received({ socket }: IncomingMessage): boolean {
    return this.#sockets.has(socket);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}
