/* Limits the connections to a server: one client may hold half of those that are left. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Shares } from '../serving/shares.ts';
import type { Gauge } from 'prom-client';
import { connectionClient } from '../serving/client-name.ts';
import type { TrustedProxies } from './client.ts';
import type { Metrics } from './metrics.ts';

/** The most connections at once; further ones wait in the system. */
const CONNECTIONS_MAX = 10_000;

export interface ConnectionLimits {
  /** The most connections at once. */
  readonly connections?: number | undefined;
  /** The most connections of one client. Default: half of those that are left. */
  readonly connectionsPerClient?: number | undefined;
}

/** Connections of trusted proxies are in nobody's part, because they carry the requests of many clients. */
export class ClientConnections {
  readonly #shares: Shares;
  readonly #perClient: number;
  readonly #proxies: TrustedProxies;
  readonly #max: number;

  constructor(
    proxies: TrustedProxies,
    { connections = CONNECTIONS_MAX, connectionsPerClient = Infinity }: ConnectionLimits = {},
  ) {
    this.#max = connections;
    this.#shares = new Shares(connections);
    this.#perClient = connectionsPerClient;
    this.#proxies = proxies;
  }

  /** Watches the connections of a server from now on. */
  watch(server: Server, metrics: Metrics): void {
    server.maxConnections = this.#max;
    server.on('connection', (socket) => this.#add(socket, metrics.connections));
  }

  #add(socket: Socket, open: Gauge): void {
    const isProxy = this.#proxies.trusts(socket);
    const client = connectionClient(socket);
    const fits = this.#shares.fits(client, 1) && this.#shares.taken(client) < this.#perClient;
    if (!isProxy && !fits) {
      socket.destroy();
      return;
    }
    open.inc();
    if (!isProxy) this.#shares.add(client, 1);
    socket.once('close', () => {
      open.dec();
      if (!isProxy) this.#shares.add(client, -1);
    });
  }
}
