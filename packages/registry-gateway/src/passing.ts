/* A download that is handed on while it is hashed. */
import { createHash, type Hash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { tarballHeaders } from './answers.ts';
import { passedStatus } from './gate.ts';

export interface Ending {
  /** Of what was accepted, 128 hex digits. */
  readonly sha512: string;
  /** Whether it was handed on, whole or not: not where it cannot be streamed, and nothing was sent. */
  readonly resolve: (streamed: boolean) => void;
  readonly reject: (error: Error) => void;
}

/** The last part is held back until all have the SHA-512 that was accepted: who got another file got no whole one. */
export class Passing implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;
  readonly #ending: Ending;
  readonly #hash: Hash = createHash('sha512');
  #last: Buffer | undefined;
  #ended = false;

  constructor(response: ServerResponse, ending: Ending) {
    this.#response = response;
    this.#ending = ending;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const abort = (): void => controller.abort(new Error('the client went away'));
    if (this.#response.destroyed) return abort();
    this.#response.once('close', () => {
      if (!this.#ended) abort();
    });
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // What comes before an answer is none.
    if (status < 200) return;
    const { 'content-length': length } = headers;
    const bytes = typeof length === 'string' ? Number(length) : Number.NaN;
    if ((status >= 300 && status < 400) || (status === 200 && !Number.isSafeInteger(bytes)))
      return this.#end(controller, () => this.#ending.resolve(false));
    if (status !== 200)
      return this.#end(controller, () => this.#ending.reject(passedStatus(status, headers)));
    this.#response.writeHead(200, tarballHeaders(bytes));
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
    if (this.#ended) return;
    this.#ended = true;
    if (this.#hash.digest('hex') === this.#ending.sha512) this.#response.end(this.#last);
    else this.#response.destroy();
    this.#ending.resolve(true);
  }

  onResponseError(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#response.headersSent || this.#response.destroyed) {
      this.#response.destroy();
      this.#ending.resolve(true);
    } else {
      // Perhaps the connection had just been closed: it is asked for in the other way, which says what is wrong.
      this.#ending.resolve(false);
    }
  }

  /** Before anything was sent: the rest of the answer is not read. */
  #end(controller: Dispatcher.DispatchController, say: () => void): void {
    this.#ended = true;
    say();
    controller.abort(new Error('not this one'));
  }
}
