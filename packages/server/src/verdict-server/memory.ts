/*
 * Memory for what clients send and are sent, of all of them together: anybody may ask. Who finds none waits for it, in the order of
 * asking, with nothing read yet.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ByteBudget, type ByteShare } from '@tarwarden/host';
import { StoreAnswer } from './answer.ts';

/** Bytes of envelopes that are being stored. They have a budget of their own, so that slow senders do not hold up questions. */
const STORED_MAX = 128 * 1024 * 1024;
/** Bytes of answers that are being made, or that clients have not taken yet. */
const ANSWERED_MAX = 256 * 1024 * 1024;

export class Memory {
  readonly #stored = new ByteBudget(STORED_MAX);
  readonly #answered = new ByteBudget(ANSWERED_MAX);

  /** For an envelope that is to be stored. See {@link Memory.forAnswer}. */
  async forBody(exchange: Exchange, bytes: number): Promise<ByteShare> {
    return taken(this.#stored, exchange, bytes);
  }

  /** For an answer of at most so many bytes; resized once it is made, and given back when it is with the client, or that is gone. */
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
  response.once('close', () => share.release());
  await share.take(bytes);
  if (response.destroyed) throw new StoreAnswer(400, 'the client is gone');
  return share;
}
