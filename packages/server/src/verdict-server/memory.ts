/* Bounds the memory for all clients together, because anybody may ask. Without room, a request waits in order, unread. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ByteBudget, whenOver, type ByteShare } from '@tarwarden/host';
import { StoreAnswer } from './answer.ts';

/** The most bytes of envelopes that are being stored. A limit of their own, so that slow uploads do not block questions. */
const STORED_MAX = 128 * 1024 * 1024;
/** The most bytes of answers that are being made or that clients have not taken yet. */
const ANSWERED_MAX = 256 * 1024 * 1024;

export class Memory {
  readonly #stored = new ByteBudget(STORED_MAX);
  readonly #answered = new ByteBudget(ANSWERED_MAX);

  /** Waits for memory for an envelope to be stored. See {@link Memory.forAnswer}. */
  async forBody(exchange: Exchange, bytes: number): Promise<ByteShare> {
    return taken(this.#stored, exchange, bytes);
  }

  /** Waits for memory for an answer of at most so many bytes. It is released when the client has the answer or is gone. */
  async forAnswer(exchange: Exchange, bytes: number): Promise<ByteShare> {
    return taken(this.#answered, exchange, bytes);
  }
}

/** A request and its response. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function taken(
  budget: ByteBudget,
  { response }: Exchange,
  bytes: number,
): Promise<ByteShare> {
  const share = budget.share();
  whenOver(response, () => share.release());
  await share.take(bytes);
  if (response.destroyed) throw new StoreAnswer(400, 'the client is gone');
  return share;
}
