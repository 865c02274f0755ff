/*
 * Puts the gateway in front of the verdaccio of the same process. The gateway answers every request and asks verdaccio over a
 * private socket. Signing in, access rules, uplinks and caches stay verdaccio's, and no client gets an answer past the gateway.
 */
import { LivePolicy } from '@tarwarden/host';
import { documentThread, inspectionPool } from '../threads/start.ts';
import { gatewayLog } from '../gateway/log.ts';
import { GatewayServer } from '../gateway/server.ts';
import { keepBackpressure } from './backpressure.ts';
import type { App, Middleware } from './express.ts';
import { notePeer, PEER, PrivateServer, takePeer } from './private-server.ts';
import type { PluginSettings } from './settings.ts';

/** Headers that verdaccio needs for addresses, its log and its limits, beside those that every registry gets. */
const PASSED_ON = [
  'host',
  'via',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  PEER,
];

/**
 * Pages of verdaccio's web interface and their files, which verdaccio answers itself. No route for packages has `static` or `web`
 * in these places. (A package may be called `robots.txt`.)
 */
const PAGE = /^\/(?:-\/(?:static|web)(?:\/(?!\.{1,2}(?:\/|$))[\w@.~+-]+)+\/?)?$/;
/** Requests of the web interface below `/-/`. They pass like the rest of the API, as text in which no tar reader finds an entry. */
export const WEB_API: RegExp = /^verdaccio\/(?:data|sec)\/.+$/;

interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** The folder that has the programs of the threads. */
  readonly programs: URL;
}

export class VerdaccioGuard {
  readonly #inside: PrivateServer;
  readonly #gateway: GatewayServer;

  /** @throws Error where the policy is wrong, or there is no place for a socket. */
  constructor(
    app: App,
    { hideRefused, logLevel }: PluginSettings,
    { env, programs }: Surroundings,
  ) {
    const log = gatewayLog(logLevel);
    const live = new LivePolicy({ env }, (text) => log.warn(text));
    this.#inside = new PrivateServer((request, response) => {
      takePeer(request);
      keepBackpressure(response);
      app(request, response);
    }, env);
    const protocolHeader = env['VERDACCIO_FORWARDED_PROTO']?.toLowerCase();
    this.#gateway = new GatewayServer({
      registries: [
        {
          upstream: new URL('http://localhost/'),
          embedded: {
            socketPath: this.#inside.path,
            passedOn: [...PASSED_ON, ...(protocolHeader ? [protocolHeader] : [])],
            api: WEB_API,
          },
          hideRefused,
        },
      ],
      policy: () => live.current.policy,
      env,
      threads: inspectionPool(programs),
      documentThread: () => documentThread(programs),
      log,
      // verdaccio logs each request itself.
      accessLog: false,
    });
  }

  readonly middleware: Middleware = (request, response, next) => {
    if (this.#inside.received(request)) return next();
    // Browsers send preflights; installers do not.
    if (request.method === 'OPTIONS' || isPage(request.method, request.url)) return next();
    notePeer(request);
    // If verdaccio's own command started it, its log comes before this middleware.
    keepBackpressure(response);
    this.#gateway.handle(request, response);
  };

  async close(): Promise<void> {
    await this.#gateway.close();
    this.#inside.close();
  }
}

/** @param target The target in the request. */
export function isPage(method: string | undefined, target: string | undefined): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return PAGE.test((target ?? '').split('?', 1)[0]!);
}
