/* Sends answers to clients that may be slow, with bounds on all unsent bytes and on time. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Shares } from '../serving/shares.ts';
import { GatewayAnswer } from './answers.ts';
import { requestClient } from './request-record.ts';

/** The most bytes of answers that clients have not taken yet. */
const UNSENT_MAX = 256 * 1024 * 1024;
/** Milliseconds for which a client may take no byte of an archive. */
export const IDLE_MAX = 120_000;
/** The same for documents and other answers, which stay in memory until they are taken. */
const UNSENT_FOR = 30_000;
/** Milliseconds for a whole answer. */
const SENT_WITHIN = 10 * 60_000;

export interface SendingOptions {
  readonly unsentMax?: number;
  readonly sentWithin?: number;
}

export class Sending {
  readonly #sentWithin: number;
  readonly #unsent: Shares;

  constructor({ unsentMax = UNSENT_MAX, sentWithin = SENT_WITHIN }: SendingOptions = {}) {
    this.#unsent = new Shares(unsentMax);
    this.#sentWithin = sentWithin;
  }

  /** Ends an answer. @throws GatewayAnswer, before anything was sent, if too many bytes wait for all clients or for this one. */
  end(
    response: ServerResponse,
    bytes: Buffer,
    head: { readonly status: number; readonly headers: OutgoingHttpHeaders },
  ): void {
    if (response.destroyed) return;
    const client = requestClient(response.req);
    if (!this.#unsent.fits(client, bytes.length))
      throw new GatewayAnswer(503, 'too many answers wait for clients that are slow');
    response.writeHead(head.status, { ...head.headers, 'content-length': bytes.length });
    response.end(response.req.method === 'HEAD' ? undefined : bytes);
    // The system has usually taken most bytes by now.
    if (response.writableLength > 0) this.#wait(response, client, bytes.length);
  }

  #wait(response: ServerResponse, client: string, bytes: number): void {
    this.#unsent.add(client, bytes);
    response.setTimeout(UNSENT_FOR, () => response.destroy());
    const late = setTimeout(() => response.destroy(), this.#sentWithin).unref();
    response.once('close', () => {
      this.#unsent.add(client, -bytes);
      clearTimeout(late);
    });
  }
}
