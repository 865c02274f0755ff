/* A tarball on its way to a client: streamed and hashed where its verdict is known, else from the file that was inspected. */
import { createHash, type Hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { sha512Of } from '@tarwarden/host';
import type { Dispatcher } from 'undici';
import { GatewayAnswer } from './answers.ts';
import { passedStatus, refusalOf, type Gate } from './gate.ts';
import type { VersionEntry } from './package-index.ts';
import type { Spool } from './spool.ts';
import type { Upstream } from './upstream.ts';

export interface TarballParts {
  readonly gate: Gate;
  readonly spool: Spool;
  readonly upstream: Upstream;
}

/** @throws GatewayAnswer, before anything was sent. */
export async function sendTarball(
  request: IncomingMessage,
  response: ServerResponse,
  { entry, gate, spool, upstream }: TarballParts & { readonly entry: VersionEntry },
): Promise<void> {
  const outcome = await gate.known(entry);
  if (outcome?.accepted === false) throw refusalOf(outcome);
  const path = outcome === undefined ? undefined : upstream.pathAtOwn(entry.tarball);
  if (path !== undefined && request.method === 'GET')
    return stream({ request, response, upstream, path, sha512: sha512Of(entry.integrity)! });
  const { spooled, release } = await gate.land(entry, request.headers);
  try {
    response.writeHead(200, headersFor(spooled.bytes));
    if (request.method === 'HEAD') response.end();
    else await pipeline(spool.read(spooled), response);
  } catch {
    // The client went away.
    response.destroy();
  } finally {
    release();
  }
}

function headersFor(bytes: number | string): Record<string, string | number> {
  return {
    'content-type': 'application/octet-stream',
    'content-length': bytes,
    // A proxy that packs it again hands on other bytes.
    'cache-control': 'private, no-transform',
    'x-content-type-options': 'nosniff',
  };
}

interface Streamed {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly upstream: Upstream;
  readonly path: string;
  readonly sha512: string;
}

/** Resolves when all is sent, or the client's connection is ended. */
async function stream({ request, response, upstream, path, sha512 }: Streamed): Promise<void> {
  const { authorization } = request.headers;
  await new Promise<void>((resolve, reject) => {
    const options = {
      path,
      method: 'GET' as const,
      headers: authorization ? { authorization } : {},
    };
    upstream.pool.dispatch(options, new Passing(response, { sha512, resolve, reject }));
  });
}

interface Ending {
  readonly sha512: string;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The last part is held back until all have the SHA-512 that was accepted: who got another file got no whole one. */
class Passing implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;
  readonly #ending: Ending;
  readonly #hash: Hash = createHash('sha512');
  #last: Buffer | undefined;

  constructor(response: ServerResponse, ending: Ending) {
    this.#response = response;
    this.#ending = ending;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#response.destroyed) return controller.abort(new Error('the client went away'));
    this.#response.once('close', () => {
      if (!this.#response.writableEnded) controller.abort(new Error('the client went away'));
    });
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    { 'content-length': length }: Record<string, string | string[] | undefined>,
  ): void {
    if (status !== 200) {
      const answer =
        status >= 300 && status < 400
          ? new GatewayAnswer(502, 'the registry sends elsewhere, where it did not before')
          : passedStatus(status);
      this.#ending.reject(answer);
      controller.abort(answer);
      return;
    }
    const headers = headersFor(typeof length === 'string' ? length : '');
    if (typeof length !== 'string') delete headers['content-length'];
    this.#response.writeHead(200, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, part: Buffer): void {
    this.#hash.update(part);
    const ready = this.#last;
    this.#last = part;
    if (ready === undefined || this.#response.write(ready)) return;
    controller.pause();
    this.#response.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    if (this.#hash.digest('hex') === this.#ending.sha512) this.#response.end(this.#last);
    else this.#response.destroy();
    this.#ending.resolve();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#response.headersSent) {
      this.#response.destroy();
      this.#ending.resolve();
    } else {
      const answer = new GatewayAnswer(502, 'the registry cannot be reached', { cause: error });
      this.#ending.reject(error instanceof GatewayAnswer ? error : answer);
    }
  }
}
