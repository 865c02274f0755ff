/* Serves npm's clients. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Worker } from 'node:worker_threads';
import { GatewayAnswer, GatewayRefusal } from './answers.ts';
import { Api } from './api.ts';
import { DocumentThreads } from './document-threads.ts';
import { Documents } from './documents.ts';
import type { PackumentRequest } from './packument-answer.ts';
import { isReading, type Face, type FaceParts } from './face.ts';
import { waitingClient } from './gone.ts';
import { PackageIndex } from './package-index.ts';
import { askedBy, type NpmRequest } from './paths.ts';
import { changePath, Publishing } from './publish.ts';
import { NPM_TRIAL, type GatewayTrial } from './trials.ts';
import { sendTarball } from './tarball.ts';
import type { SharedUploads } from './uploads.ts';
import type { Users } from './users.ts';

export interface NpmParts extends FaceParts {
  /** Whether to leave out of documents the versions that are known to be refused. */
  readonly hideRefused: boolean;
  /** Asks the registry who its users are. */
  readonly users: Users;
  /** Starts a thread for long documents, which runs `servePackument`. */
  readonly documentThread: (() => Worker) | undefined;
  readonly uploads: SharedUploads;
}

export class NpmFace implements Face {
  readonly errors = 'json';
  readonly trials: readonly GatewayTrial[] = [NPM_TRIAL];
  readonly #parts: NpmParts;
  readonly #threads: DocumentThreads;
  readonly #index = new PackageIndex();
  readonly #api: Api;
  readonly #documents: Documents;
  readonly #publishing: Publishing;
  /** The last target: it is parsed once for the log and for the answer. */
  #last: { readonly target: string; readonly asked: NpmRequest } | undefined;

  constructor(parts: NpmParts) {
    const { upstream, open, sending, hideRefused } = parts;
    const { gate, verdicts, metrics } = open;
    this.#parts = parts;
    const { spool, knownSpool, bodies } = parts.uploads.get();
    const threads = (this.#threads = new DocumentThreads(parts.documentThread));
    const common = { upstream, index: this.#index, reader: parts.reader };
    this.#api = new Api({ upstream, spool: bodies, sending, threads });
    this.#documents = new Documents({
      ...common,
      verdicts,
      hideRefused,
      sending,
      threads,
    });
    metrics.waits.add('api', this.#api);
    metrics.waits.add('document', this.#documents);
    this.#publishing = new Publishing({
      ...common,
      users: parts.users,
      threads,
      api: this.#api,
      gate,
      spool,
      knownSpool,
      metrics,
    });
  }

  loggable(target: string): NpmRequest {
    const asked = this.#askedBy(target);
    // `npm logout` sends the token itself in the path.
    if (asked.kind !== 'api') return asked;
    return { ...asked, path: asked.path.split('/', 3).join('/') };
  }

  #askedBy(target: string): NpmRequest {
    if (this.#last?.target !== target) this.#last = { target, asked: askedBy(target) };
    return this.#last.asked;
  }

  readonly close = (): void => this.#threads.close();

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = this.#askedBy(request.url ?? '/');
    const { method = 'GET' } = request;
    const reads = isReading(request);
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
        return this.#callApi(asked, request, response);
      case 'own':
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

  async #callApi(
    asked: Extract<NpmRequest, { readonly kind: 'api' }>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    try {
      await this.#api.pass(request, response, asked);
    } finally {
      // A change of a tag changes the document.
      const name = packageIn(asked.path);
      if (name !== undefined && !isReading(request)) this.#parts.reader.changed(name);
    }
  }

  async #tarball(
    { name, file }: { readonly name: string; readonly file: string },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { headers } = request;
    const entry =
      this.#documents.known(name, file, headers) ??
      (await this.#documents.read(name, file, this.#asking(request, response)));
    try {
      await sendTarball(request, response, { entry, ...this.#parts });
    } catch (error) {
      // The document may be outdated. Forget it: the next request reads it again.
      if (!(error instanceof GatewayRefusal) && !response.destroyed) {
        this.#index.delete(this.#parts.upstream.readerOf(headers), name);
        this.#parts.reader.changed(name);
      }
      throw error;
    }
  }

  #asking(request: IncomingMessage, response: ServerResponse): PackumentRequest {
    return {
      request,
      response,
      publicUrl: this.#parts.publicUrlFor(request),
      ...waitingClient(request, response),
    };
  }
}

/** The package that a path of the API is about: `/-/package/NAME/dist-tags`. */
function packageIn(path: string): string | undefined {
  const [, name] = /^\/-\/package\/((?:@[^/]+(?:\/|%2f))?[^/]+)\//i.exec(path) ?? [];
  try {
    return name && decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

/** A single tarball can be deleted, not written. */
function mayChange(
  asked: NpmRequest,
  method: string,
): asked is NpmRequest & { readonly name: string } {
  if (asked.kind === 'file-revision') return method === 'DELETE';
  if (asked.kind !== 'packument' && asked.kind !== 'revision') return false;
  return method === 'PUT' || method === 'DELETE';
}
