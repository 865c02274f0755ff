/* Passes on the rest of the registry's API. Its answers must be JSON, so that none of them is an uninspected archive. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ByteBudget } from '@tarwarden/guard';
import type { Dispatcher } from 'undici';
import { AnswerTurns, type Turn } from './answer-turns.ts';
import { GatewayAnswer, plainHeaders } from './answers.ts';
import { goneOf } from './gone.ts';
import type { DocumentThreads } from './document-threads.ts';
import { requestClient } from './request-record.ts';
import type { Sending } from './sending.ts';
import type { Spool } from './spool.ts';
import { within } from './time-limit.ts';
import type { SentOn, GatewayUpstream } from './upstream.ts';
import { ANSWER_TIME, bodyOf, encodingOf, type RegistryAnswer } from './upstream-answer.ts';

/** The most bytes of an answer. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
/** The most bytes of a client's request: an audit of a large project sends some hundred kB. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;
/** The most requests that the registry gets at once, half of them of one client, and the most that wait. */
const AT_ONCE = 64;
const WAITING_MAX = 2_000;
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
/** Headers of an answer that clients act on. */
const PASSED_BACK = ['www-authenticate', 'npm-notice', 'retry-after', 'npm-auth-type'];
/** Headers of conditional requests. */
const CONDITIONS = ['if-none-match', 'if-modified-since'];
/** The most bytes of requests in memory: further bytes wait in the spool. */
const BODIES_MAX = 32 * 1024 * 1024;

export interface ApiParts {
  readonly upstream: GatewayUpstream;
  readonly spool: Spool;
  readonly sending: Sending;
  readonly threads: DocumentThreads;
}

interface ApiPath {
  /** Relative to the registry's address, without a query. */
  readonly path: string;
}

interface Passed extends ApiPath {
  readonly body: SentOn | undefined;
}

export class Api {
  readonly #parts: ApiParts;
  readonly #bodies = new ByteBudget(BODIES_MAX);
  readonly #turns = new AnswerTurns(AT_ONCE, WAITING_MAX);

  constructor(parts: ApiParts) {
    this.#parts = parts;
  }

  /** How many requests wait for their turn. */
  get waiting(): number {
    return this.#turns.waiting;
  }

  /** The body is read before the registry is asked, so that a slow client does not keep a connection to the registry. */
  async pass(request: IncomingMessage, response: ServerResponse, asked: ApiPath): Promise<void> {
    const { method = 'GET' } = request;
    if (!METHODS.includes(method)) throw new GatewayAnswer(405, `${method} is not passed on`);
    if (method !== 'POST' && method !== 'PUT')
      return this.passOn(request, response, { ...asked, body: undefined });
    const { spool } = this.#parts;
    const tooLong = (): GatewayAnswer =>
      new GatewayAnswer(413, `a body of more than ${BODY_BYTES_MAX} bytes`);
    const sent = await spool.take(request, { bytesMax: BODY_BYTES_MAX, tooLong });
    const share = this.#bodies.share();
    try {
      await share.take(sent.bytes);
      // The client is gone, so the registry is not asked to change anything.
      if (response.destroyed) return;
      const { 'content-encoding': encoding } = request.headers;
      const content = await this.#parts.threads.request(await spool.whole(sent), encoding, {
        client: requestClient(request),
      });
      const body = { bytes: content.length, read: () => content };
      await this.passOn(request, response, { ...asked, body });
    } finally {
      share.release();
      await spool.drop(sent);
    }
  }

  /** `body`: the checked body. */
  async passOn(
    request: IncomingMessage,
    response: ServerResponse,
    { path, body }: Passed,
  ): Promise<void> {
    const { method = 'GET', url = '' } = request;
    const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
    // A request that changes something goes on, even if its client goes away.
    const gone = method === 'GET' || method === 'HEAD' ? goneOf(request, response) : undefined;
    const client = requestClient(request);
    const ask = async (turn: Turn): Promise<{ answer: RegistryAnswer; bytes: Buffer }> =>
      within(
        ANSWER_TIME,
        async (signal) => {
          const got = await this.#parts.upstream.request(path + query, {
            method: method as Dispatcher.HttpMethod,
            headers: request.headers,
            body,
            signal,
          });
          return { answer: got, bytes: await this.#answerIn(got, method, { turn, client }) };
        },
        gone,
      );
    await this.#turns.run(
      async (turn) => {
        const { answer, bytes } = await ask(turn);
        this.#send(response, answer, bytes);
      },
      { gone, client },
    );
  }

  #send(response: ServerResponse, answer: RegistryAnswer, bytes: Buffer): void {
    const { statusCode } = answer;
    const isAsked = statusCode !== 304 || CONDITIONS.some((name) => name in response.req.headers);
    if (!isAsked || statusCode === 205 || statusCode === 206)
      throw new GatewayAnswer(502, `the registry answers ${statusCode}, which was not asked for`);
    const own = {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    };
    this.#parts.sending.end(response, bytes, {
      status: statusCode,
      headers: { ...plainHeaders(answer.headers, PASSED_BACK), ...own },
    });
  }

  async #answerIn(
    { statusCode, headers, body }: RegistryAnswer,
    method: string,
    { turn, client }: { readonly turn: Turn; readonly client: string },
  ): Promise<Buffer> {
    const encoding = encodingOf({ headers });
    const onLong = async (): Promise<void> => turn.alone();
    const bytes = await bodyOf(body, { bytesMax: ANSWER_BYTES_MAX, encoding, onLong });
    if (bytes.length === 0) return bytes;
    const json = await this.#parts.threads.json(bytes, { client });
    if (json !== undefined) return json;
    // The answer is not JSON, so it cannot be passed on. Its status can: the client learns whether the change was made.
    if (statusCode >= 400)
      return Buffer.from(JSON.stringify({ error: `the registry answers ${statusCode}` }));
    if (method !== 'GET' && method !== 'HEAD') return Buffer.from('{}');
    throw new GatewayAnswer(502, 'the registry sent what is not JSON, and is not passed on');
  }
}
