/* Passes on documents unchanged, because clients compare them with digests. None of them may be an archive. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { printable, redactUrl } from '@tarwarden/core/text';
import { dropBody } from '@tarwarden/host';
import { encodedDocument } from './accepted-encoding.ts';
import { AnswerTurns, type Turn, type Waiting } from './answer-turns.ts';
import { GatewayAnswer, passedHeaders, GatewayRefusal } from './answers.ts';
import { isReadableArchive } from './readable-archive.ts';
import type { Sending } from './sending.ts';
import { within } from './time-limit.ts';
import type { GatewayUpstream } from './upstream.ts';
import { ANSWER_TIME, bodyOf, type RegistryAnswer, encodingOf } from './upstream-answer.ts';

/** The most documents in memory at once, half of them for one client, and the most requests that wait. */
const AT_ONCE = 128;
const WAITING_MAX = 10_000;
/** Bounds on a registry's error text: bytes, lines, and characters of a line. */
const SAID_BYTES = 16 * 1024;
const SAID_LINES = 8;
const SAID_CHARS = 200;
/** Statuses that the client can act on. */
const PASSED = new Set([401, 403, 404, 410, 416, 429, 451]);

export interface TextOptions extends Waiting {
  readonly headers: IncomingHttpHeaders;
  readonly bytesMax: number;
  /** Default: GET. */
  readonly method?: 'GET' | 'HEAD';
  /** Headers for the registry. */
  readonly more?: Readonly<Record<string, string>>;
  /** Successful statuses beside 200. */
  readonly also?: readonly number[];
}

export interface PassedText {
  readonly status: number;
  readonly headers: RegistryAnswer['headers'];
  readonly body: Buffer;
  /** The address after redirects. */
  readonly url: URL;
}

export class PassedTexts {
  readonly #upstream: GatewayUpstream;
  readonly #turns = new AnswerTurns(AT_ONCE, WAITING_MAX);

  constructor(upstream: GatewayUpstream) {
    this.#upstream = upstream;
  }

  /** How many requests wait for their turn. */
  get waiting(): number {
    return this.#turns.waiting;
  }

  /**
   * Uses a document before the next long one is read.
   * @throws GatewayAnswer if the registry does not have it, or it must not be passed on.
   */
  async use<Result>(
    address: string,
    options: TextOptions,
    make: (text: PassedText) => Result | Promise<Result>,
  ): Promise<Result> {
    return this.#turns.run(async (turn) => {
      const read = async (signal: AbortSignal): Promise<PassedText> =>
        this.#read(address, { ...options, signal }, turn);
      return make(await within(ANSWER_TIME, read, options.gone));
    }, options);
  }

  async #read(
    address: string,
    {
      headers,
      bytesMax,
      method,
      more,
      also = [],
      signal,
    }: TextOptions & { readonly signal: AbortSignal },
    turn: Turn,
  ): Promise<PassedText> {
    const { answer, url } = await this.#upstream.follow(address, {
      headers,
      signal,
      ...(method && { method }),
      more: { 'accept-encoding': 'gzip', ...more },
    });
    const { statusCode: status } = answer;
    if (status !== 200 && !also.includes(status)) throw await errorOf(answer);
    if (method === 'HEAD' || status === 304) {
      dropBody(answer.body);
      return { status, headers: answer.headers, body: Buffer.alloc(0), url };
    }
    const body = await bodyOf(answer.body, {
      bytesMax,
      encoding: encodingOf(answer),
      onLong: async () => turn.alone(),
    });
    return { status, headers: answer.headers, body, url };
  }
}

/** @throws GatewayRefusal for bytes that a client could unpack. */
export function noArchive(
  body: Buffer,
  isArchive: (bytes: Buffer) => boolean = isReadableArchive,
): Buffer {
  if (!isArchive(body)) return body;
  throw new GatewayRefusal('tarwarden: what the registry sends here can be read as an archive');
}

/** @param type The media type for clients, whatever the registry says. */
export async function sendDocument(
  request: IncomingMessage,
  response: ServerResponse,
  {
    body,
    type,
    sending,
    status = 200,
    headers = {},
  }: {
    readonly body: Buffer;
    readonly sending: Sending;
    readonly type: string;
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const { 'accept-encoding': accepted } = request.headers;
  // A partial answer is a part of the uncompressed document.
  const encoded = await encodedDocument(body, status === 200 ? accepted : '');
  const own = {
    ...headers,
    'content-type': type,
    ...encoded.headers,
    'cache-control': 'private, no-cache',
    vary: 'accept, accept-encoding, authorization',
    'x-content-type-options': 'nosniff',
  };
  sending.end(response, encoded.bytes, { status, headers: own });
}

/** Quotes the registry's words if they are meant for people. */
async function errorOf(answer: RegistryAnswer): Promise<GatewayAnswer> {
  const { statusCode, headers: said, body } = answer;
  const headers = passedHeaders(said);
  const status = PASSED.has(statusCode) ? statusCode : 502;
  const general = `the registry answers ${statusCode}`;
  if (!/^text\/plain\b/i.test(String(said['content-type']))) {
    dropBody(body);
    return new GatewayAnswer(status, general, { headers });
  }
  try {
    const encoding = encodingOf(answer);
    const text = await bodyOf(body, { bytesMax: SAID_BYTES, encoding });
    const lines = text.toString('utf8').trim().split('\n').slice(0, SAID_LINES);
    const shown = lines.map((line) => printable(redactUrl(line), SAID_CHARS)).join('\n');
    return new GatewayAnswer(status, shown === '' ? general : shown, { headers });
  } catch {
    return new GatewayAnswer(status, general, { headers });
  }
}
