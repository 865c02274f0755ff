/* The gateway's server for the clients of one ecosystem: requests to the registry, and the gateway's own pages. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import type { Ecosystem, Policy } from '@tarwarden/core';
import { currently, oneAtATime } from '@tarwarden/host';
import type { Logger } from 'pino';
import type { AskedRegistry } from '../approvals/api.ts';
import type { ApprovalsOfGateway } from '../approvals/gateway-approvals.ts';
import { GatewayAnswer, GatewayRefusal, sendAnswer, sendText } from './answers.ts';
import type { Face } from './face.ts';
import type { GateThreads } from './gate.ts';
import { GoFace } from './go/go-face.ts';
import type { Metrics } from './metrics.ts';
import { logMismatch, type Mismatch } from './mismatches.ts';
import { NpmFace, type NpmParts } from './npm-face.ts';
import { openGate, type OpenGate } from './open-gate.ts';
import { withPageOf } from './refusal-page.ts';
import { publicUrlOf } from './public-url.ts';
import { PypiFace } from './pypi/pypi-face.ts';
import type { Readiness } from './ready.ts';
import { RubyGemsFace } from './rubygems/rubygems-face.ts';
import { Sending } from './sending.ts';
import { GatewayUpstream, type Embedded } from './upstream.ts';
import type { VerdictsOptions } from './verdicts.ts';

/** The most connections at once; further ones wait in the system. */
const CONNECTIONS_MAX = 10_000;
/** The most connections to the registry for documents and archives, and for its API. */
const UPSTREAM_CONNECTIONS = { own: 64, api: 32 } as const;
/** The most connections to a registry in this process, which has no other clients. */
const EMBEDDED_CONNECTIONS = { own: 1024, api: 1024 } as const;

export interface GatewayOptions {
  /** The ecosystem of the clients; default: npm. */
  readonly ecosystem?: Ecosystem;
  /** Address of the registry behind it. */
  readonly upstream: URL;
  /** The address that clients use, without a slash at its end. Default: the address at which the server listens. */
  readonly publicUrl?: string | undefined;
  readonly allowedHosts?: readonly string[];
  /** For npm's clients: the registry runs in this process or beside it, and decides about the address that clients use. */
  readonly embedded?: Embedded & {
    /** A pattern of further paths of its API, below `/-/`. Their answers are text. */
    readonly api: RegExp;
  };
  /** For npm's clients: whether to leave known refused versions out of documents. */
  readonly hideRefused?: boolean;
  /** The policy, or a function that returns the current one. */
  readonly policy: VerdictsOptions['policy'];
  readonly env: VerdictsOptions['env'];
  readonly signed?: VerdictsOptions['signed'];
  readonly threads: GateThreads;
  /** For npm's clients: starts a thread for a long document, which runs `servePackument`. If absent, all requests wait for it. */
  readonly documentThread?: () => Worker;
  readonly log: Logger;
  /** Folder for archives that wait for their verdict. */
  readonly spoolParent?: string;
  /** The most bytes of all archives that wait. */
  readonly spoolBytes?: number | undefined;
  /** The most bytes that clients send at once. */
  readonly uploadBytes?: number | undefined;
  /** Exceptions that people approve, and pages about refusals. */
  readonly approvals?: ApprovalsOfGateway | undefined;
}

export class RegistryGateway {
  readonly server: Server;
  readonly metrics: Metrics;
  readonly #options: GatewayOptions;
  readonly #upstream: GatewayUpstream;
  readonly #open: OpenGate;
  readonly #face: Face;
  #probed: { readonly at: number; readonly answer: Promise<Readiness> } | undefined;

  constructor(options: GatewayOptions) {
    const { upstream, allowedHosts = [], hideRefused = false, policy, env, signed } = options;
    const {
      threads,
      log,
      spoolParent,
      spoolBytes,
      publicUrl,
      embedded,
      ecosystem = 'npm',
    } = options;
    this.#options = options;
    this.#upstream = new GatewayUpstream({
      url: upstream,
      allowedHosts: [...hostsBehind(ecosystem, upstream), ...allowedHosts],
      connections: embedded === undefined ? UPSTREAM_CONNECTIONS : EMBEDDED_CONNECTIONS,
      embedded,
    });
    const onError = (error: unknown): void =>
      log.error({ err: error }, 'the verdict storage failed');
    const { approvals } = options;
    const whole =
      approvals === undefined ? policy : (): Policy => approvals.policy(currently(policy));
    const stored = { policy: whole, env, ...(signed && { signed }), onError };
    const onException = (line: string): void => log.warn(line);
    const onMismatch = (mismatch: Mismatch): void => logMismatch(log, mismatch);
    this.#open = openGate({ ...stored, onException, onMismatch, threads, spoolParent, spoolBytes });
    this.metrics = this.#open.metrics;
    const publicUrlFor = (request: IncomingMessage): string =>
      publicUrl ?? publicUrlOf(this.server, request);
    this.#face = faceOf(ecosystem, {
      upstream: this.#upstream,
      open: this.#open,
      sending: new Sending(),
      publicUrlFor,
      withPage:
        approvals && withPageOf({ approvals, publicUrlFor, ...this.#registry, ...this.#open }),
      moreApi: embedded?.api,
      hideRefused,
      spoolParent,
      uploadBytes: options.uploadBytes,
      documentThread: options.documentThread,
    });
    this.server = createServer(this.handle);
    this.server.maxConnections = CONNECTIONS_MAX;
    this.server.requestTimeout = 300_000;
    // Longer than the idle time of a proxy in front, so that it never sends into a connection that is being closed.
    this.server.keepAliveTimeout = 75_000;
  }

  get #registry(): AskedRegistry {
    return { registry: this.#upstream.address, upstream: this.#upstream };
  }

  /** Checks that the gateway refuses its trial archives, and that the approvals count. */
  async ready(): Promise<Readiness> {
    if (this.#options.approvals?.problem !== undefined)
      return {
        ready: false,
        text: 'not ready: the ledger of approvals is not believed (see the log)\n',
      };
    return this.#open.ready(this.#face.trials);
  }

  /** @param grace Milliseconds for requests under way. */
  async close(grace = 0): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    if (grace > 0) await Promise.race([closed, wait(grace, undefined, { ref: false })]);
    this.server.closeAllConnections();
    await closed;
    await this.#upstream.close();
    this.#open.close();
    this.#face.close?.();
  }

  /** Answers a request of any server. */
  readonly handle: RequestListener = oneAtATime((request, response) => {
    void this.#respond(request, response);
  });

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { url = '/' } = request;
      const { approvals } = this.#options;
      if (approvals?.has(url)) return await approvals.answer(request, response, this.#registry);
      const page = ownPageIn(url);
      if (page === undefined) await this.#face.answer(request, response);
      else await this.#own(page, response);
    } catch (error) {
      this.#fail({ request, response, error });
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

  async #own(page: string, response: ServerResponse): Promise<void> {
    switch (page) {
      case 'healthz':
        return sendText(response, 200, 'ok\n');
      case 'readyz': {
        const { ready, text } = await this.#probe();
        return sendText(response, ready ? 200 : 503, text);
      }
      case 'metrics':
        return sendText(response, 200, await this.metrics.registry.metrics());
      default:
        throw new GatewayAnswer(404, 'there is no such page');
    }
  }

  #fail({
    request,
    response,
    error,
  }: {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly error: unknown;
  }): void {
    const { log } = this.#options;
    const answer =
      error instanceof GatewayAnswer
        ? error
        : new GatewayAnswer(500, 'the gateway failed', { cause: error });
    // The client has gone away, which is not an error.
    if (response.destroyed || request.socket.destroyed) return;
    const id = randomUUID();
    const { method, url = '/' } = request;
    // Headers and queries are not logged: they may contain credentials.
    const about = { id, method, asked: this.#face.loggable(url), status: answer.status };
    if (answer instanceof GatewayRefusal) log.warn(about, answer.message);
    else if (answer.status >= 500) log.error({ ...about, ...causeOf(answer) }, answer.message);
    else log.debug(about, answer.message);
    if (answer.status >= 500) this.metrics.notInspected.inc({ reason: 'failed' });
    sendAnswer(response, answer, this.#face.errors);
  }
}

/** The stack of an error, which helps only with a failure of the gateway itself: status 500. */
function causeOf({ status, cause }: GatewayAnswer): object {
  if (status === 500) return { err: cause };
  if (!(cause instanceof Error)) return {};
  const { code } = cause as { readonly code?: unknown };
  return { cause: typeof code === 'string' ? `${code}: ${cause.message}` : cause.message };
}

/** The requested page of the gateway's own. No registry and no client uses these paths. */
function ownPageIn(target: string): string | undefined {
  return /^\/-\/tarwarden\/([^/?]*)(?:\?.*)?$/s.exec(target)?.[1];
}

/** The face for the clients of an ecosystem. */
function faceOf(ecosystem: Ecosystem, parts: NpmParts): Face {
  switch (ecosystem) {
    case 'npm':
      return new NpmFace(parts);
    case 'go':
      return new GoFace(parts);
    case 'pypi':
      return new PypiFace(parts);
    case 'rubygems':
      return new RubyGemsFace(parts);
  }
}

/** The hosts of files, by the host of the public index whose documents name them. */
const FILES_OF: ReadonlyMap<string, string> = new Map([
  ['pypi.org', 'files.pythonhosted.org'],
  ['test.pypi.org', 'test-files.pythonhosted.org'],
]);

/** Hosts that the documents of a registry may name, beside those that somebody allows. */
function hostsBehind(ecosystem: Ecosystem, { protocol, host }: URL): readonly string[] {
  const files = FILES_OF.get(host);
  return ecosystem === 'pypi' && protocol === 'https:' && files !== undefined ? [files] : [];
}
