/* The face of the gate that npm's clients speak to. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Policy } from '@tarwarden/core';
import type { Logger } from 'pino';
import { GatewayAnswer, Refusal, sendAnswer, sendText } from './answers.ts';
import { Api } from './api.ts';
import { Documents, type Asking } from './documents.ts';
import type { Inspects } from './gate.ts';
import type { Metrics } from './metrics.ts';
import { openGate, type OpenGate } from './open-gate.ts';
import { PackageIndex, readerOf } from './package-index.ts';
import { askedBy, type Asked } from './paths.ts';
import { publicUrlOf } from './public-url.ts';
import { changePath, PUBLICATION_BYTES_MAX, Publishing } from './publish.ts';
import type { Readiness } from './ready.ts';
import { Sending } from './sending.ts';
import { Spool } from './spool.ts';
import { sendTarball } from './tarball.ts';
import { Upstream, type Embedded } from './upstream.ts';
import type { VerdictsOptions } from './verdicts.ts';

/** Requests at once: what else comes waits in the system. */
const CONNECTIONS_MAX = 10_000;
/** Bytes of all that clients send at once, and of that in memory: they cannot keep others from downloads. */
const UPLOADS_MAX = 1024 * 1024 * 1024;
const UPLOADS_IN_MEMORY = 4 * 1024 * 1024;
/** Connections to the registry. */
const UPSTREAM_CONNECTIONS = 64;
/** To one in this process, which has no other clients: those that read slowly keep one each. */
const EMBEDDED_CONNECTIONS = 1024;

export interface GatewayOptions {
  /** Address of the registry behind it. */
  readonly upstream: URL;
  /** What clients know the gateway by, without a slash at its end; where it is absent, the address at which it listens. */
  readonly publicUrl?: string | undefined;
  readonly allowedHosts?: readonly string[];
  /** The registry is in this process or beside it. What clients know it by is the registry's to say. */
  readonly embedded?: Embedded & {
    /** Further paths of its API, below `/-/`. Their answers are text. */
    readonly api: RegExp;
  };
  readonly hideRefused?: boolean;
  readonly policy: Policy;
  readonly env: VerdictsOptions['env'];
  readonly signed?: VerdictsOptions['signed'];
  readonly threads: Inspects;
  readonly log: Logger;
  /** Folder for what waits for its verdict. */
  readonly spoolParent?: string;
  /** Bytes of all that waits at once. */
  readonly spoolBytes?: number | undefined;
  /** Bytes of all that clients send at once. */
  readonly uploadBytes?: number | undefined;
}

export class RegistryGateway {
  readonly server: Server;
  readonly metrics: Metrics;
  readonly #options: GatewayOptions;
  readonly #upstream: Upstream;
  readonly #open: OpenGate;
  readonly #uploads: Spool;
  readonly #index = new PackageIndex();
  readonly #api: Api;
  readonly #documents: Documents;
  readonly #publishing: Publishing;
  #probed: { readonly at: number; readonly answer: Promise<Readiness> } | undefined;

  constructor(options: GatewayOptions) {
    const { upstream, allowedHosts = [], hideRefused = false, policy, env, signed } = options;
    const { threads, log, spoolParent, spoolBytes, embedded } = options;
    this.#options = options;
    this.#upstream = new Upstream({
      url: upstream,
      allowedHosts,
      connections: embedded === undefined ? UPSTREAM_CONNECTIONS : EMBEDDED_CONNECTIONS,
      embedded,
    });
    const onError = (error: unknown): void =>
      log.error({ err: error }, 'the verdict storage failed');
    const stored = { policy, env, ...(signed && { signed }), onError };
    this.#open = openGate({ ...stored, threads, spoolParent, spoolBytes });
    const { gate, verdicts, metrics } = this.#open;
    this.metrics = metrics;
    this.#uploads = new Spool({
      bytesMax: PUBLICATION_BYTES_MAX,
      heldMax: options.uploadBytes ?? UPLOADS_MAX,
      memoryMax: UPLOADS_IN_MEMORY,
      parent: spoolParent,
      onHeld: (change) => metrics.bytesHeld.inc(change),
    });
    const spool = this.#uploads;
    const sending = new Sending();
    this.#api = new Api({ upstream: this.#upstream, spool, sending });
    const parts = { upstream: this.#upstream, index: this.#index };
    this.#documents = new Documents({ ...parts, verdicts, hideRefused, sending });
    this.#publishing = new Publishing({ ...parts, api: this.#api, gate, spool, metrics });
    this.server = createServer(this.handle);
    this.server.maxConnections = CONNECTIONS_MAX;
    this.server.requestTimeout = 300_000;
    // Longer than a proxy in front keeps its connections: it does not send into one that is just being closed.
    this.server.keepAliveTimeout = 75_000;
  }

  /** Whether it refuses what it has to refuse. */
  async ready(): Promise<Readiness> {
    return this.#open.ready();
  }

  /** @param grace Milliseconds for what is under way. */
  async close(grace = 0): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    if (grace > 0) await Promise.race([closed, wait(grace, undefined, { ref: false })]);
    this.server.closeAllConnections();
    await closed;
    await this.#upstream.close();
    this.#open.close();
    this.#uploads.close();
  }

  /** Answers a request, whichever server it came to. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    void this.#respond(request, response);
  };

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = askedBy(request.url ?? '/', this.#options.embedded?.api);
    try {
      await this.#answer(asked, request, response);
    } catch (error) {
      this.#fail(asked, { request, response, error });
    }
  }

  async #answer(asked: Asked, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET' } = request;
    const reads = method === 'GET' || method === 'HEAD';
    switch (asked.kind) {
      case 'tarball':
        if (!reads) break;
        return this.#tarball(asked, request, response);
      case 'packument':
        if (reads) return this.#documents.packument(asked.name, this.#asking(request, response));
        break;
      case 'manifest':
        if (reads) return this.#documents.manifest(asked, this.#asking(request, response));
        break;
      case 'api':
        return this.#api.pass(request, response, asked);
      case 'own':
        return this.#own(asked.page, response);
      case 'revision':
      case 'file-revision':
      case 'nothing':
    }
    if (mayChange(asked, method))
      return this.#publishing.change(
        asked.name,
        request,
        response,
        changePath(asked.name, request.url!),
      );
    throw new GatewayAnswer(404, 'there is nothing here that a gateway passes on');
  }

  async #tarball(
    { name, file }: { readonly name: string; readonly file: string },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { headers } = request;
    const entry =
      this.#documents.known(name, file, headers) ??
      (await this.#documents.read(name, file, headers));
    const parts = { gate: this.#open.gate, upstream: this.#upstream };
    try {
      await sendTarball(request, response, { entry, ...parts });
    } catch (error) {
      if (error instanceof Refusal) this.metrics.refused.inc({ on: 'download' });
      // What the document promised may be outdated: the next to ask has it read again.
      else if (!response.destroyed) this.#index.delete(readerOf(headers), name);
      throw error;
    }
  }

  #asking(request: IncomingMessage, response: ServerResponse): Asking {
    const { publicUrl, embedded } = this.#options;
    const own = embedded === undefined ? publicUrlOf(this.server, request) : undefined;
    return { request, response, publicUrl: publicUrl ?? own };
  }

  /** One inspection for all who ask within a second. */
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

  #fail(
    asked: Asked,
    {
      request,
      response,
      error,
    }: { request: IncomingMessage; response: ServerResponse; error: unknown },
  ): void {
    const { log } = this.#options;
    const answer =
      error instanceof GatewayAnswer
        ? error
        : new GatewayAnswer(500, 'the gateway failed', { cause: error });
    // The client went away: nobody is told, and nothing is wrong.
    if (response.destroyed) return;
    const id = randomUUID();
    // Neither headers nor queries nor paths of the API: each of these may sign somebody in.
    const about = { id, method: request.method, asked: loggable(asked), status: answer.status };
    if (answer instanceof Refusal) log.warn(about, answer.message);
    else if (answer.status >= 500) log.error({ ...about, err: answer.cause }, answer.message);
    else log.debug(about, answer.message);
    if (answer.status >= 500) this.metrics.notInspected.inc({ reason: 'failed' });
    sendAnswer(response, answer);
  }
}

/** A tarball by itself can be taken away, not written. */
function mayChange(asked: Asked, method: string): asked is Asked & { readonly name: string } {
  if (asked.kind === 'file-revision') return method === 'DELETE';
  if (asked.kind !== 'packument' && asked.kind !== 'revision') return false;
  return method === 'PUT' || method === 'DELETE';
}

/** `npm logout` has the token itself in the path. */
function loggable(asked: Asked): Asked {
  if (asked.kind !== 'api') return asked;
  return { ...asked, path: asked.path.split('/', 3).join('/') };
}
