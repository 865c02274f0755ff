/* The face of the gate that npm's clients speak to. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import type { Policy } from '@tarwarden/core';
import { tarballBytesMax } from '@tarwarden/core/limits';
import type { Logger } from 'pino';
import { GatewayAnswer, Refusal, sendAnswer, sendText } from './answers.ts';
import { passOn } from './api.ts';
import { Documents } from './documents.ts';
import { Gate, type Inspects } from './gate.ts';
import { makeMetrics, type Metrics } from './metrics.ts';
import { PackageIndex } from './package-index.ts';
import { askedBy, type Asked } from './paths.ts';
import { changePath, Publishing } from './publish.ts';
import { readiness } from './ready.ts';
import { Spool } from './spool.ts';
import { sendTarball } from './tarball.ts';
import { Upstream } from './upstream.ts';
import { Verdicts, type VerdictsOptions } from './verdicts.ts';

/** Requests at once: what else comes waits in the system. */
const CONNECTIONS_MAX = 10_000;
/** Connections to the registry. */
const UPSTREAM_CONNECTIONS = 64;

export interface GatewayOptions {
  /** Address of the registry behind it. */
  readonly upstream: URL;
  /** What clients know the gateway by; that of each request's `host` where it is absent. */
  readonly publicUrl?: string | undefined;
  readonly allowedHosts?: readonly string[];
  readonly hideRefused?: boolean;
  readonly policy: Policy;
  readonly env: VerdictsOptions['env'];
  readonly signed?: VerdictsOptions['signed'];
  readonly threads: Inspects;
  readonly log: Logger;
  /** Folder for what waits for its verdict. */
  readonly spoolParent?: string;
}

export class RegistryGateway {
  readonly server: Server;
  readonly metrics: Metrics = makeMetrics();
  readonly #options: GatewayOptions;
  readonly #upstream: Upstream;
  readonly #spool: Spool;
  readonly #verdicts: Verdicts;
  readonly #gate: Gate;
  readonly #index = new PackageIndex();
  readonly #publishing: Publishing;
  readonly #flush: NodeJS.Timeout;

  constructor(options: GatewayOptions) {
    const { upstream, allowedHosts = [], policy, env, signed, threads, log } = options;
    const { metrics } = this;
    this.#options = options;
    this.#upstream = new Upstream({
      url: upstream,
      allowedHosts,
      connections: UPSTREAM_CONNECTIONS,
    });
    this.#spool = new Spool(tarballBytesMax(policy.limits), options.spoolParent);
    const onError = (error: unknown): void =>
      log.error({ err: error }, 'the verdict storage failed');
    this.#verdicts = new Verdicts({ policy, env, ...(signed && { signed }), onError });
    const parts = { upstream: this.#upstream, spool: this.#spool, metrics };
    this.#gate = new Gate({ ...parts, verdicts: this.#verdicts, threads, policy });
    this.#publishing = new Publishing({ ...parts, gate: this.#gate, index: this.#index });
    this.#flush = setInterval(() => this.#verdicts.flush(), 5_000).unref();
    this.server = createServer((request, response) => void this.#respond(request, response));
    this.server.maxConnections = CONNECTIONS_MAX;
    this.server.requestTimeout = 300_000;
  }

  /** Whether it refuses what it has to refuse. */
  async ready(): Promise<{ readonly ready: boolean; readonly text: string }> {
    const { threads, policy } = this.#options;
    return readiness({ spool: this.#spool, threads, policy });
  }

  async close(): Promise<void> {
    clearInterval(this.#flush);
    this.server.close();
    this.server.closeAllConnections();
    this.#verdicts.flush();
    await this.#upstream.close();
    this.#spool.close();
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = askedBy(request.url ?? '/');
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
        if (reads) return this.#documents(request).packument(asked.name, request, response);
        break;
      case 'manifest':
        if (reads) return this.#documents(request).manifest(asked, request, response);
        break;
      case 'api':
        return passOn(request, response, {
          upstream: this.#upstream,
          path: asked.path.split('?', 1)[0]!,
        });
      case 'own':
        return this.#own(asked.page, response);
      case 'revision':
      case 'nothing':
    }
    const changes = asked.kind === 'packument' || asked.kind === 'revision';
    if (changes && (method === 'PUT' || method === 'DELETE'))
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
    const entry = await this.#documents(request).entry(name, file, request.headers);
    const parts = { gate: this.#gate, spool: this.#spool, upstream: this.#upstream };
    try {
      await sendTarball(request, response, { entry, ...parts });
    } catch (error) {
      // What the document promised may be outdated: the next to ask has it read again.
      if (!(error instanceof Refusal)) this.#index.delete(name);
      else this.metrics.refused.inc({ on: 'download' });
      throw error;
    }
  }

  #documents(request: IncomingMessage): Documents {
    const { publicUrl, hideRefused = false } = this.#options;
    const { host = 'localhost' } = request.headers;
    return new Documents({
      upstream: this.#upstream,
      index: this.#index,
      verdicts: this.#verdicts,
      publicUrl: publicUrl ?? `http://${host}`,
      hideRefused,
    });
  }

  async #own(page: string, response: ServerResponse): Promise<void> {
    switch (page) {
      case 'healthz':
        return sendText(response, 200, 'ok\n');
      case 'readyz': {
        const { ready, text } = await this.ready();
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
    const id = randomUUID();
    // Neither headers nor the query: both may sign somebody in.
    const about = { id, method: request.method, asked: withoutQuery(asked), status: answer.status };
    if (answer instanceof Refusal) log.warn(about, answer.message);
    else if (answer.status >= 500) log.error({ ...about, err: answer.cause }, answer.message);
    else log.debug(about, answer.message);
    if (answer.status >= 500) this.metrics.notInspected.inc({ reason: 'failed' });
    if (!request.complete) response.setHeader('connection', 'close');
    sendAnswer(response, answer);
  }
}

function withoutQuery(asked: Asked): Asked {
  return asked.kind === 'api' ? { kind: 'api', path: asked.path.split('?', 1)[0]! } : asked;
}
