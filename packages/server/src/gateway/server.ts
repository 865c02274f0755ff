/* The gateway's HTTP server: the gateway's own pages, and requests to the registries. */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { oneAtATime } from '../serving/one-at-a-time.ts';
import { GatewayAnswer, sendText } from './answers.ts';
import type { CacheParts } from './cache/archive-source.ts';
import { ClientConnections, type ConnectionLimits } from './client-connections.ts';
import { TrustedProxies } from './client.ts';
import { answerFailure, type FailureParts } from './failures.ts';
import type { GateThreads } from './gate-parts.ts';
import { healthReport, sendHealth, type HealthCheck } from './health.ts';
import { serverWith, useCertificate, type Certificate } from './http-server.ts';
import type { Metrics } from './metrics.ts';
import { logMismatch, type Mismatch } from './mismatches.ts';
import { openGate, type OpenGate } from './open-gate.ts';
import { publicUrlOf } from './public-url.ts';
import type { Readiness } from './ready.ts';
import { Registry, type RegistryOptions, type SharedParts } from './registry.ts';
import { Routes, type Chosen } from './routes.ts';
import { Sending } from './sending.ts';
import { Traffic } from './traffic.ts';
import { SharedUploads } from './uploads.ts';
import type { VerdictsOptions } from './verdicts.ts';
import { archiveLabel, type ArchiveIdentity } from './wanted.ts';

/** A registry, and the requests that are for it. */
export interface RoutedRegistry extends RegistryOptions {
  /** Default: every host that no other registry has. */
  readonly host?: string | undefined;
  /** Starts and ends with a slash. Default: `/`. */
  readonly path?: string | undefined;
  /** The address that clients use, without a slash at its end. Default: the address at which the server listens, and the path. */
  readonly publicUrl?: string | undefined;
}

export interface GatewayOptions {
  readonly registries: readonly RoutedRegistry[];
  /** If absent, the server uses HTTP without encryption. */
  readonly certificate?: Certificate | undefined;
  /** The policy, or a function that returns the current one. */
  readonly policy: VerdictsOptions['policy'];
  readonly env: VerdictsOptions['env'];
  readonly threads: GateThreads;
  /** For npm's clients: starts a thread for a long document, which runs `servePackument`. If absent, all requests wait for it. */
  readonly documentThread?: () => Worker;
  readonly log: Logger;
  /** Whether to log each request. Default: true. */
  readonly accessLog?: boolean | undefined;
  /** Proxies whose headers are believed. */
  readonly trustedProxies?: TrustedProxies | undefined;
  readonly connectionLimits?: ConnectionLimits | undefined;
  /** Parts beside the gateway's own that can fail while the gateway still does its job. */
  readonly health?: readonly HealthCheck[] | undefined;
  /** Where accepted archives and served documents are kept. The caller closes it after the gateway. */
  readonly cache?: CacheParts | undefined;
  /** Folder for archives that wait for their verdict. */
  readonly spoolParent?: string;
  /** The most bytes of all archives that wait. */
  readonly spoolBytes?: number | undefined;
  /** The most bytes that clients send at once. */
  readonly uploadBytes?: number | undefined;
}

export class GatewayServer {
  readonly server: Server | TlsServer;
  readonly metrics: Metrics;
  readonly #options: GatewayOptions;
  readonly #open: OpenGate;
  readonly #shared: Omit<SharedParts, 'publicUrlFor'>;
  readonly #traffic: Traffic;
  #isDraining = false;
  #routes: Routes<Registry>;
  /** The registries by their options. */
  #registries: ReadonlyMap<string, Registry> = new Map();
  #probed: { readonly at: number; readonly answer: Promise<Readiness> } | undefined;

  constructor(options: GatewayOptions) {
    const { policy, env, threads, log, cache, spoolParent, spoolBytes } = options;
    this.#options = options;
    const onException = (line: string): void => log.warn(line);
    const onMismatch = (mismatch: Mismatch): void => logMismatch(log, mismatch);
    const onDamaged = (identity: ArchiveIdentity): void =>
      log.error({ archive: archiveLabel(identity) }, 'the cache has other bytes than it was given');
    const reports = { onException, onMismatch, onDamaged };
    this.#open = openGate({ policy, env, ...reports, threads, cache, spoolParent, spoolBytes });
    const { metrics } = this.#open;
    this.metrics = metrics;
    this.#shared = {
      documents: cache?.documents,
      onStale: (registry, reason) =>
        log.warn({ registry, reason }, 'copies are served without the registry'),
      open: this.#open,
      sending: new Sending(),
      uploads: new SharedUploads({ metrics, spoolParent, uploadBytes: options.uploadBytes }),
      documentThread: options.documentThread,
    };
    this.#routes = this.#routesTo(options.registries);
    const { trustedProxies: proxies = new TrustedProxies() } = options;
    const accessLog = options.accessLog === false ? undefined : log.child({ name: 'access' });
    this.#traffic = new Traffic({ accessLog, metrics, proxies });
    this.server = serverWith(options.certificate, this.handle);
    new ClientConnections(proxies, options.connectionLimits).watch(this.server, metrics);
  }

  /** Checks that the gateway refuses the trial archives of its registries. */
  async ready(): Promise<Readiness> {
    const trials = new Set(this.#routes.targets.flatMap(({ face }) => face.trials));
    return this.#open.ready([...trials]);
  }

  /** Makes `readyz` answer 503, and ends each connection with its next answer. Requests are still answered. */
  drain(): void {
    this.#isDraining = true;
  }

  /** @param grace Milliseconds for requests under way. */
  async close(grace = 0): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    if (grace > 0) await Promise.race([closed, wait(grace, undefined, { ref: false })]);
    this.server.closeAllConnections();
    await closed;
    await Promise.all(this.#routes.targets.map((registry) => registry.close()));
    this.#open.close();
    this.#shared.uploads.close();
  }

  /** Answers a request of any server. */
  readonly handle: RequestListener = oneAtATime((request, response) => {
    const page = ownPageIn(request.url ?? '/');
    const chosen = page === undefined ? this.#routes.choose(request) : undefined;
    // The registry and the log read the same target, whatever the path of the registry.
    if (chosen !== undefined) request.url = chosen.below;
    this.#traffic.follow({ request, response, registry: chosen?.target }, () => {
      if (this.#isDraining) response.setHeader('connection', 'close');
      void this.#respond({ request, response, page, chosen });
    });
  });

  /**
   * Serves other registries. Requests under way finish on the registry that they began with. A registry whose options are the same stays,
   * with all that it remembers.
   */
  replaceRegistries(registries: readonly RoutedRegistry[]): void {
    const before = this.#registries;
    this.#routes = this.#routesTo(registries);
    const kept = new Set(this.#registries.values());
    for (const registry of before.values()) if (!kept.has(registry)) registry.retire();
  }

  /** Uses another certificate for new connections. @throws Error if it is invalid; the server then keeps its certificate. */
  replaceCertificate(certificate: Certificate): void {
    useCertificate(this.server, certificate);
  }

  #routesTo(registries: readonly RoutedRegistry[]): Routes<Registry> {
    const made = new Map<string, Registry>();
    const routes = registries.map((options) => {
      const { host, path = '/', publicUrl } = options;
      const publicUrlFor = (request: IncomingMessage): string =>
        publicUrl ?? publicUrlOf(this.server, request) + path.slice(0, -1);
      const key = JSON.stringify(options);
      const target =
        this.#registries.get(key) ?? new Registry(options, { ...this.#shared, publicUrlFor });
      made.set(key, target);
      return { host, path, target };
    });
    this.#registries = made;
    return new Routes(routes);
  }

  get #failing(): FailureParts {
    return { log: this.#options.log, metrics: this.metrics };
  }

  async #respond({ request, response, page, chosen }: Asked): Promise<void> {
    try {
      if (page !== undefined) return await this.#own(page, request, response);
      if (chosen === undefined) throw new GatewayAnswer(404, 'no registry has this address');
      await chosen.target.answer(request, response);
    } catch (error) {
      answerFailure({ request, response, error, registry: chosen?.target }, this.#failing);
    }
  }

  /** Requests within a second share one check. */
  async #probe(): Promise<Readiness> {
    const now = performance.now();
    if (this.#probed === undefined || now - this.#probed.at > 1_000) {
      const answer = this.ready().catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'a hostile archive could not be inspected');
        return { ready: false, text: 'not ready: a hostile archive could not be inspected\n' };
      });
      this.#probed = { at: now, answer };
    }
    return this.#probed.answer;
  }

  async #own(page: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (page) {
      case 'healthz':
        return sendText(response, 200, 'ok\n');
      case 'readyz': {
        const report = await healthReport(await this.#probe(), this.#checks, this.#isDraining);
        return sendHealth(request, response, report);
      }
      case 'metrics':
        return sendText(response, 200, await this.metrics.registry.metrics());
      default:
        throw new GatewayAnswer(404, 'there is no such page');
    }
  }

  get #checks(): readonly HealthCheck[] {
    return [
      ...this.#routes.targets.flatMap((registry) => registry.checks),
      ...(this.#options.health ?? []),
    ];
  }
}

/** A request, and what it is for. */
interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The page of the gateway's own. */
  readonly page: string | undefined;
  readonly chosen: Chosen<Registry> | undefined;
}

/** The requested page of the gateway's own. No registry and no client uses these paths. */
function ownPageIn(target: string): string | undefined {
  return /^\/-\/tarwarden\/([^?]*)/s.exec(target)?.[1];
}
