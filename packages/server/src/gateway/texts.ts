/* Documents that are passed on as the registry has them, since clients compare them with digests. None of them is an archive. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { printable, redactUrl } from '@tarwarden/core/text';
import { dropBody } from '@tarwarden/host';
import { acceptsGzip } from './accepted-encoding.ts';
import { AnswerTurns, type Turn, type Waiting } from './answer-turns.ts';
import { GatewayAnswer, passedHeaders, GatewayRefusal } from './answers.ts';
import { isReadableArchive } from './readable-archive.ts';
import type { Sending } from './sending.ts';
import { within } from './time-limit.ts';
import type { GatewayUpstream } from './upstream.ts';
import { ANSWER_TIME, bodyOf, type RegistryAnswer, encodingOf } from './upstream-answer.ts';

/** Documents in memory at once, and requests that wait for their turn. */
const AT_ONCE = 64;
const WAITING_MAX = 10_000;
/** Limits for the text of a registry's error: bytes, lines, and characters of a line. */
const SAID_BYTES = 16 * 1024;
const SAID_LINES = 8;
const SAID_CHARS = 200;
/** The client gets the registry's answers about credentials and about absent packages. */
const PASSED = new Set([401, 403, 404, 410, 416, 429, 451]);

export interface TextOptions extends Waiting {
  readonly headers: IncomingHttpHeaders;
  readonly bytesMax: number;
  /** GET unless given. */
  readonly method?: 'GET' | 'HEAD';
  /** Headers that the registry is asked with. */
  readonly more?: Readonly<Record<string, string>>;
  /** Answers beside 200 that are no error. */
  readonly also?: readonly number[];
}

export interface PassedText {
  readonly status: number;
  readonly headers: RegistryAnswer['headers'];
  readonly body: Buffer;
  /** Where it was in the end. */
  readonly url: URL;
}

export class PassedTexts {
  readonly #upstream: GatewayUpstream;
  readonly #turns = new AnswerTurns(AT_ONCE, WAITING_MAX);

  constructor(upstream: GatewayUpstream) {
    this.#upstream = upstream;
  }

  /**
   * Reads a document and hands it to `make`, before another long one is read.
   * @throws GatewayAnswer for what the registry has not, or is not passed on.
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

/** @throws Refusal for what a client could unpack. */
export function noArchive(
  body: Buffer,
  isArchive: (bytes: Buffer) => boolean = isReadableArchive,
): Buffer {
  if (!isArchive(body)) return body;
  throw new GatewayRefusal('tarwarden: what the registry sends here can be read as an archive');
}

/** Below this a document is sent as it is. */
const GZIP_FROM = 2048;

const pack = promisify(gzip);

/** @param type What clients have to know it is, whatever the registry says. */
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
  const { 'accept-encoding': accepted = '' } = request.headers;
  // A part of a document is one of the document as it is.
  const packs = status === 200 && body.length >= GZIP_FROM && acceptsGzip(accepted);
  const bytes = packs ? await pack(body, { level: constants.Z_BEST_SPEED }) : body;
  const own = {
    ...headers,
    'content-type': type,
    ...(packs && { 'content-encoding': 'gzip' }),
    'cache-control': 'private, no-cache',
    vary: 'accept, accept-encoding, authorization',
    'x-content-type-options': 'nosniff',
  };
  sending.end(response, bytes, { status, headers: own });
}

/** With the words of the registry, where they are meant for people. */
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
