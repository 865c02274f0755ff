/* Passes on documents unchanged, because clients compare them with digests. None of them may be an archive. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { printable, redactUrl } from '@tarwarden/core/text';
import { dropBody } from '@tarwarden/guard';
import { encodedDocument } from './accepted-encoding.ts';
import { AnswerTurns, type Turn, type Waiting } from './answer-turns.ts';
import { GatewayAnswer, passedHeaders, GatewayRefusal, UnreachableRegistry } from './answers.ts';
import { answerBegins } from './cache/answer-begins.ts';
import type { DocumentReader } from './cache/document-reader.ts';
import {
  wantsReload,
  type OnCopy,
  type RegistryDocumentRequest,
  type RegistryDocument,
} from './cache/document-request.ts';
import { isReadableArchive } from './readable-archive.ts';
import type { Sending } from './sending.ts';
import { within } from './time-limit.ts';
import type { Followed, GatewayUpstream } from './upstream.ts';
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
  /** The package that the document is about. */
  readonly about?: string;
  /** Whether the registry has to be asked, even if there is a fresh copy. */
  readonly isReload?: boolean;
  readonly onCopy?: OnCopy | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly bytesMax: number;
  /** Default: GET. */
  readonly method?: 'GET' | 'HEAD';
  /** Headers for the registry. */
  readonly more?: Readonly<Record<string, string>>;
  /** Successful statuses beside 200. */
  readonly also?: readonly number[];
}

export interface PassedText extends Pick<RegistryDocument, 'id' | 'until' | 'staleness' | 'url'> {
  readonly status: number;
  readonly headers: RegistryAnswer['headers'];
  readonly body: Buffer;
}

/** Headers of requests that depend on the client's own copy. */
const CONDITIONS = new Set(['if-none-match', 'if-modified-since', 'range', 'if-range']);
/** A document that does not come from the cache. */
const UNCACHED = { id: undefined, until: Number.POSITIVE_INFINITY, staleness: {} } as const;

export class PassedTexts {
  readonly #upstream: GatewayUpstream;
  readonly #reader: DocumentReader;
  readonly #turns = new AnswerTurns(AT_ONCE, WAITING_MAX);

  constructor({
    upstream,
    reader,
  }: {
    readonly upstream: GatewayUpstream;
    readonly reader: DocumentReader;
  }) {
    this.#upstream = upstream;
    this.#reader = reader;
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
      const { more = {}, method } = options;
      const isPart = method === 'HEAD' || 'range' in more;
      if (this.#reader.cache !== undefined && !isPart)
        return this.#cached(address, options, turn, make);
      const asked = this.#requestFor(address, options, turn);
      const read = async (signal: AbortSignal, abort: () => void): Promise<PassedText> =>
        this.#read(address, { ...options, signal, abort, asked }, turn);
      try {
        return await make(await within(ANSWER_TIME, read, options.gone));
      } catch (error) {
        // A part or a head of a document is not kept, but the whole document answers this request, too.
        if (!(error instanceof UnreachableRegistry) || options.gone?.aborted === true) throw error;
        return this.#reader.instead(asked, error, async (document) =>
          make(await passedText(document)),
        );
      }
    }, options);
  }

  async #cached<Result>(
    address: string,
    options: TextOptions,
    turn: Turn,
    make: (text: PassedText) => Result | Promise<Result>,
  ): Promise<Result> {
    const { more = {}, also = [] } = options;
    return this.#reader.use(this.#requestFor(address, options, turn), async (document) => {
      const text = await passedText(document);
      if (document.id === undefined || !also.includes(304) || !isUnmodified(text, more))
        return make(text);
      return make({ ...text, status: 304, body: Buffer.alloc(0) });
    });
  }

  #requestFor(address: string, options: TextOptions, turn: Turn): RegistryDocumentRequest {
    const { headers, bytesMax, more = {}, gone, about } = options;
    const isReload = options.isReload === true || wantsReload(headers);
    const own = Object.fromEntries(Object.entries(more).filter(([name]) => !CONDITIONS.has(name)));
    return {
      registry: this.#upstream.address,
      reader: this.#upstream.readerOf(headers),
      address,
      variant: own['accept'] ?? '',
      about,
      isReload,
      bytesMax,
      gone,
      onCopy: options.onCopy,
      alone: turn.alone,
      ask: async (conditions, signal) =>
        this.#upstream.follow(address, {
          headers,
          signal,
          more: { 'accept-encoding': 'gzip', ...own, ...conditions },
        }),
      read: async (answer) => {
        if (answer.statusCode !== 200) throw await errorOf(answer);
        return textBody(answer, bytesMax, turn);
      },
    };
  }

  async #read(
    address: string,
    {
      headers,
      bytesMax,
      method,
      more,
      also = [],
      gone,
      signal,
      abort,
      asked,
    }: TextOptions & {
      readonly signal: AbortSignal;
      readonly abort: () => void;
      readonly asked: RegistryDocumentRequest;
    },
    turn: Turn,
  ): Promise<PassedText> {
    const follow = async (): Promise<Followed> =>
      this.#upstream.follow(address, {
        headers,
        signal,
        ...(method && { method }),
        more: { 'accept-encoding': 'gzip', ...more },
      });
    const { answer, url } = await answerBegins(follow, {
      registry: this.#upstream,
      url: new URL(address),
      checkedAt: async () => this.#reader.checkedAt(asked),
      abort,
      gone,
    });
    const { statusCode: status } = answer;
    const common = { ...UNCACHED, status, headers: answer.headers, url };
    if (status !== 200 && !also.includes(status)) throw await errorOf(answer);
    if (method === 'HEAD' || status === 304) {
      dropBody(answer.body);
      return { ...common, body: Buffer.alloc(0) };
    }
    return { ...common, body: await textBody(answer, bytesMax, turn) };
  }
}

async function textBody(answer: RegistryAnswer, bytesMax: number, turn: Turn): Promise<Buffer> {
  const encoding = encodingOf(answer);
  return bodyOf(answer.body, { bytesMax, encoding, onLong: async () => turn.alone() });
}

async function passedText(document: RegistryDocument): Promise<PassedText> {
  const { headers, url, id, until, staleness, status, read } = document;
  return { headers, url, id, until, staleness, status, body: await read() };
}

/** Whether the client has this document, by the conditions of its request. */
function isUnmodified(
  { headers }: PassedText,
  {
    'if-none-match': tags,
    'if-modified-since': since,
  }: Readonly<Record<string, string | undefined>>,
): boolean {
  if (tags === undefined) return since !== undefined && since === headers['last-modified'];
  const tag = withoutWeakness(String(headers['etag'] ?? ''));
  return tag !== '' && tags.split(',').some((given) => withoutWeakness(given.trim()) === tag);
}

function withoutWeakness(tag: string): string {
  return tag.replace(/^W\//, '');
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
  const { statusCode } = answer;
  const headers = passedHeaders(answer.headers);
  const text = (await wordsIn(answer)) || `the registry answers ${statusCode}`;
  if (statusCode >= 500) return new UnreachableRegistry(text, { headers });
  return new GatewayAnswer(PASSED.has(statusCode) ? statusCode : 502, text, { headers });
}

async function wordsIn(answer: RegistryAnswer): Promise<string> {
  const { headers, body } = answer;
  if (!/^text\/plain\b/i.test(String(headers['content-type']))) {
    dropBody(body);
    return '';
  }
  try {
    const encoding = encodingOf(answer);
    const text = await bodyOf(body, { bytesMax: SAID_BYTES, encoding });
    const lines = text.toString('utf8').trim().split('\n').slice(0, SAID_LINES);
    return lines.map((line) => printable(redactUrl(line), SAID_CHARS)).join('\n');
  } catch {
    return '';
  }
}
