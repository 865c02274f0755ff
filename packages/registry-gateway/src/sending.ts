/* Answers on their way to clients that may be slow: bounded in all together, and in time. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { GatewayAnswer } from './answers.ts';

/** Bytes of answers that clients have not taken yet. */
const UNSENT_MAX = 256 * 1024 * 1024;
/** Milliseconds that a client may take nothing. */
export const IDLE_MAX = 120_000;

export class Sending {
  readonly #unsentMax: number;
  #unsent = 0;

  constructor(unsentMax: number = UNSENT_MAX) {
    this.#unsentMax = unsentMax;
  }

  /** Ends an answer whose head is given. @throws GatewayAnswer, before anything was sent, where too much waits for clients. */
  end(
    response: ServerResponse,
    bytes: Buffer,
    head: { readonly status: number; readonly headers: OutgoingHttpHeaders },
  ): void {
    if (response.destroyed) return;
    if (this.#unsent + bytes.length > this.#unsentMax)
      throw new GatewayAnswer(503, 'too many answers wait for clients that are slow');
    this.#unsent += bytes.length;
    response.once('close', () => (this.#unsent -= bytes.length));
    response.setTimeout(IDLE_MAX, () => response.destroy());
    response.writeHead(head.status, { ...head.headers, 'content-length': bytes.length });
    response.end(response.req.method === 'HEAD' ? undefined : bytes);
  }
}
