/*
 * The protocol: GET v1/ADDRESS (an envelope), POST v1/batch with { addresses } (envelopes, one a line), PUT v1/ADDRESS (an envelope
 * that a pinned key has signed). Clients check signatures again and need not trust the server. An address may have an acceptance
 * and a rejection in separate entries, so several servers may write to one storage in any order.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { currently, oneAtATime, readAtMost, type Current } from '@tarwarden/host';
import {
  addressOf,
  ENVELOPE_BYTES_MAX,
  isAddress,
  isEnvelope,
  verdictAmong,
  verdictFrom,
  type PinnedKey,
  type TrustedKeys,
} from '@tarwarden/host/signed-verdicts';
import pMap from 'p-map';
import { StoreAnswer, send } from './answer.ts';
import { keepEnvelope } from './keep-envelope.ts';
import { Memory, type Exchange } from './memory.ts';
import type { VerdictStorage } from './storage.ts';

/** The most addresses of one question. */
const BATCH_MAX = 1_000;
/** The most bytes of a question: an address is 64 digits, two quotes and a comma. */
const BATCH_BYTES_MAX = 128 * 1024;
/** The most concurrent reads of the storage for one question. */
const READS_AT_ONCE = 32;
/** The most bytes of the answer to one question; envelopes above that are left out, as if absent. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
/** The most memory for an answer while it is made. */
const BATCH_MEMORY_MAX = 2 * ANSWER_BYTES_MAX;

export interface VerdictServerOptions {
  readonly storage: VerdictStorage;
  /** The keys whose envelopes are stored. */
  readonly keys: Current<readonly PinnedKey[]>;
  /** Today, `YYYY-MM-DD`, UTC. */
  readonly today: () => string;
  /** Called with errors of the storage. */
  readonly onError: (error: unknown) => void;
}

type Options = VerdictServerOptions & { readonly memory: Memory };

/** A server that does not listen yet. */
export function verdictServer(given: VerdictServerOptions): Server {
  const options: Options = { ...given, memory: new Memory() };
  const listener = oneAtATime((request, response) => {
    answer({ request, response }, options).catch((error: unknown) => {
      if (!(error instanceof StoreAnswer)) options.onError(error);
      const [status, text] =
        error instanceof StoreAnswer
          ? [error.status, error.message]
          : [503, 'the storage does not answer'];
      if (response.headersSent) response.destroy();
      else send(response, status, { type: 'text/plain; charset=utf-8', body: `${text}\n` });
    });
  });
  const server = createServer(listener);
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  // A client that does not read its answer keeps a connection and memory.
  server.timeout = 60_000;
  server.maxConnections = 1_000;
  return server;
}

async function answer(exchange: Exchange, options: Options): Promise<void> {
  const { request, response } = exchange;
  const path = pathOf(request);
  const { method } = request;
  if (path === '/healthz') return send(response, 200, { type: 'text/plain', body: 'ok\n' });
  if (path === '/readyz') return ready(response, options);
  if (path === '/v1/batch') {
    if (method !== 'POST') throw new StoreAnswer(405, 'ask by POST');
    return batch(exchange, options);
  }
  const address = /^\/v1\/([^/]*)$/.exec(path)?.[1];
  if (address === undefined || !isAddress(address))
    throw new StoreAnswer(404, 'there is nothing here');
  if (method === 'PUT') return store(exchange, { ...options, address });
  if (method !== 'GET' && method !== 'HEAD') throw new StoreAnswer(405, 'use GET or PUT');
  const share = await options.memory.forAnswer(exchange, ENVELOPE_BYTES_MAX * 2);
  const [first, second] = await options.storage.get(address);
  if (first === undefined) throw new StoreAnswer(404, 'no verdict');
  // A rejection by an expired key must not hide the acceptance.
  const isFirst =
    second === undefined || (await verdictAmong([first], address, trustOf(options))) !== undefined;
  const envelope = isFirst ? first : second;
  share.resize(envelope.length);
  // Not cached: a rejection may follow an acceptance.
  send(response, 200, { type: 'application/vnd.dsse.envelope+json', body: envelope });
}

function pathOf({ url = '/' }: IncomingMessage): string {
  if (!URL.canParse(url, 'http://localhost')) throw new StoreAnswer(400, 'the address is none');
  return new URL(url, 'http://localhost').pathname;
}

function trustOf({ keys, today }: VerdictServerOptions): TrustedKeys {
  return { keys: currently(keys), today: today() };
}

async function ready(response: ServerResponse, options: VerdictServerOptions): Promise<void> {
  await options.storage.get('0'.repeat(64));
  const { keys } = trustOf(options);
  const body = `ready: ${keys.length} keys may store\n`;
  send(response, keys.length === 0 ? 503 : 200, { type: 'text/plain', body });
}

async function batch(exchange: Exchange, { storage, memory }: Options): Promise<void> {
  const { request, response } = exchange;
  const addresses = addressesIn(await bodyOf(request, BATCH_BYTES_MAX));
  const share = await memory.forAnswer(exchange, BATCH_MEMORY_MAX);
  const lines: string[] = [];
  let bytes = 0;
  const read = async (address: string): Promise<void> => {
    if (response.destroyed || bytes > ANSWER_BYTES_MAX) return;
    for (const envelope of await storage.get(address)) {
      // One envelope a line. Damaged ones are left out, because a guard stops asking a store whose answers have another form.
      if (envelope.includes('\n') || !isEnvelope(envelope)) continue;
      bytes += envelope.length;
      if (bytes > ANSWER_BYTES_MAX) return;
      lines.push(`${envelope}\n`);
    }
  };
  await pMap(new Set(addresses), read, { concurrency: READS_AT_ONCE });
  const body = lines.join('');
  share.resize(body.length);
  send(response, 200, { type: 'application/x-ndjson', body });
}

function addressesIn(body: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new StoreAnswer(400, 'the body is not JSON');
  }
  const addresses: unknown = (value as { addresses?: unknown } | null)?.addresses;
  if (!Array.isArray(addresses) || addresses.length > BATCH_MAX)
    throw new StoreAnswer(400, `"addresses" must be a list of at most ${BATCH_MAX}`);
  const all: readonly unknown[] = addresses;
  return all.filter((address) => typeof address === 'string').filter(isAddress);
}

async function store(
  exchange: Exchange,
  options: Options & { readonly address: string },
): Promise<void> {
  const { storage, address, memory } = options;
  const { request, response } = exchange;
  await memory.forBody(exchange, announced(request, ENVELOPE_BYTES_MAX));
  const envelope = await bodyOf(request, ENVELOPE_BYTES_MAX);
  const trust = trustOf(options);
  const said = await verdictFrom(envelope, trust);
  if (said === undefined)
    throw new StoreAnswer(403, 'no key that may store has signed this verdict');
  if (addressOf(said.asked) !== address)
    throw new StoreAnswer(409, 'the verdict has another address');
  const isNew = await keepEnvelope(
    storage,
    { address, envelope, status: said.verdict.status },
    trust,
  );
  send(response, isNew ? 201 : 200, { type: 'text/plain', body: 'stored\n' });
}

/** The most bytes of a body. A smaller announced length is believed, because Node reads no more. */
function announced({ headers }: IncomingMessage, bytesMax: number): number {
  return Math.min(Number(headers['content-length'] ?? bytesMax), bytesMax);
}

async function bodyOf(request: IncomingMessage, bytesMax: number): Promise<string> {
  const tooLong = (): StoreAnswer =>
    new StoreAnswer(413, `the body is longer than ${bytesMax} bytes`);
  try {
    const bytes = await readAtMost(request as AsyncIterable<Buffer>, { bytesMax, tooLong });
    return bytes.toString('utf8').trim();
  } catch (error) {
    // The client went away, which is no failure of the server.
    throw error instanceof StoreAnswer ? error : new StoreAnswer(400, 'the body broke off');
  }
}
