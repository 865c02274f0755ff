/* Serves npm's clients. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GatewayAnswer, GatewayRefusal } from './answers.ts';
import { Api } from './api.ts';
import { Documents, type PackumentRequest, type DocumentParts } from './documents.ts';
import { isReading, type Face, type FaceParts } from './face.ts';
import { waitingClient } from './gone.ts';
import { PackageIndex, readerOf } from './package-index.ts';
import { askedBy, type NpmRequest } from './paths.ts';
import { changePath, PUBLICATION_BYTES_MAX, Publishing } from './publish.ts';
import { NPM_TRIAL, type GatewayTrial } from '@tarwarden/guarded-run/trial-archives';
import { Spool } from './spool.ts';
import { sendTarball } from './tarball.ts';

/** The most bytes of all publications that clients send at once. A limit of their own, so that they cannot block downloads. */
const UPLOADS_MAX = 1024 * 1024 * 1024;
/** The most bytes of all other requests with a body, such as signing in. Publications cannot use it up. */
const BODIES_MAX = 256 * 1024 * 1024;
/** The most bytes in memory of each of these three spools. */
const UPLOADS_IN_MEMORY = 4 * 1024 * 1024;

export interface NpmParts extends FaceParts {
  /** A pattern of further paths of the registry's API. */
  readonly moreApi: RegExp | undefined;
  /** Whether to leave out of documents the versions that are known to be refused. */
  readonly hideRefused: boolean;
  /** Starts a thread for a long document, which runs `servePackument`. */
  readonly documentThread: DocumentParts['startThread'];
  /** Folder for uploads. */
  readonly spoolParent: string | undefined;
  /** The most bytes that clients send at once. */
  readonly uploadBytes: number | undefined;
}

export class NpmFace implements Face {
  readonly errors = 'json';
  readonly trials: readonly GatewayTrial[] = [NPM_TRIAL];
  readonly #parts: NpmParts;
  readonly #spools: readonly Spool[];
  readonly #index = new PackageIndex();
  readonly #api: Api;
  readonly #documents: Documents;
  readonly #publishing: Publishing;

  constructor(parts: NpmParts) {
    const { upstream, open, sending, hideRefused } = parts;
    const { gate, verdicts, metrics } = open;
    this.#parts = parts;
    const sent = (heldMax: number): Spool =>
      new Spool({
        bytesMax: PUBLICATION_BYTES_MAX,
        heldMax: parts.uploadBytes ?? heldMax,
        memoryMax: UPLOADS_IN_MEMORY,
        parent: parts.spoolParent,
        onHeld: (change) => metrics.bytesHeld.inc(change),
      });
    const [spool, knownSpool, bodies] = [sent(UPLOADS_MAX), sent(UPLOADS_MAX), sent(BODIES_MAX)];
    this.#spools = [spool, knownSpool, bodies];
    const common = { upstream, index: this.#index };
    this.#api = new Api({ upstream, spool: bodies, sending });
    this.#documents = new Documents({
      ...common,
      verdicts,
      hideRefused,
      sending,
      startThread: parts.documentThread,
    });
    this.#publishing = new Publishing({
      ...common,
      api: this.#api,
      gate,
      spool,
      knownSpool,
      metrics,
      withPage: parts.withPage,
    });
  }

  loggable(target: string): NpmRequest {
    const asked = askedBy(target, this.#parts.moreApi);
    // `npm logout` sends the token itself in the path.
    if (asked.kind !== 'api') return asked;
    return { ...asked, path: asked.path.split('/', 3).join('/') };
  }

  readonly close = (): void => {
    for (const spool of this.#spools) spool.close();
  };

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = askedBy(request.url ?? '/', this.#parts.moreApi);
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
        return this.#api.pass(request, response, asked);
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
      if (!(error instanceof GatewayRefusal) && !response.destroyed)
        this.#index.delete(readerOf(headers), name);
      throw error;
    }
  }

  #asking(request: IncomingMessage, response: ServerResponse): PackumentRequest {
    const { upstream, publicUrlFor } = this.#parts;
    return {
      request,
      response,
      publicUrl: upstream.isEmbedded ? undefined : publicUrlFor(request),
      ...waitingClient(request, response),
    };
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
