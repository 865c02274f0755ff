/* The registry's API beside packages, passed on. Its answers are JSON, so that none of them is an archive that nobody inspected. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { ByteBudget, type ByteShare } from '@tarwarden/host';
import type { Dispatcher } from 'undici';
import { GatewayAnswer } from './answers.ts';
import { notArchive, parseJson } from './json.ts';
import type { Sending } from './sending.ts';
import type { Spool } from './spool.ts';
import { within } from './time-limit.ts';
import { ANSWER_TIME, bodyOf, type Answer, type Upstream } from './upstream.ts';

/** Bytes of an answer. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
/** Bytes of what a client sends: that of an audit of a large project has some hundred kB. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;
/** The same, unpacked. */
const UNPACKED_BYTES_MAX = 32 * 1024 * 1024;
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
/** Headers of an answer that clients act by. */
const PASSED_BACK = ['www-authenticate', 'npm-notice', 'retry-after', 'npm-auth-type'];
/** Bytes of all that clients sent and that is in memory: what else came waits in the spool. */
const BODIES_MAX = 32 * 1024 * 1024;

export interface ApiParts {
  readonly upstream: Upstream;
  readonly spool: Spool;
  readonly sending: Sending;
}

interface Passed {
  /** Below the registry's address, without the query of the request. */
  readonly path: string;
  readonly body: Buffer | undefined;
}

export class Api {
  readonly #parts: ApiParts;
  readonly #bodies = new ByteBudget(BODIES_MAX);
  /** Long answers are in memory one after another. */
  readonly #long = new ByteBudget(0);

  constructor(parts: ApiParts) {
    this.#parts = parts;
  }

  /** A body is read before the registry is asked, so that a slow client keeps none of its connections. */
  async pass(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const { method = 'GET' } = request;
    if (!METHODS.includes(method)) throw new GatewayAnswer(405, `${method} is not passed on`);
    if (method !== 'POST' && method !== 'PUT')
      return this.passOn(request, response, { path, body: undefined });
    const { spool } = this.#parts;
    const tooLong = (): GatewayAnswer =>
      new GatewayAnswer(413, `a body of more than ${BODY_BYTES_MAX} bytes`);
    const sent = await spool.take(request, { bytesMax: BODY_BYTES_MAX, tooLong });
    const share = this.#bodies.share();
    try {
      await share.take(sent.bytes);
      // Nobody waits for what it would change.
      if (response.destroyed) return;
      const body = checkedBody(await spool.whole(sent), request.headers['content-encoding']);
      await this.passOn(request, response, { path, body });
    } finally {
      share.release();
      await spool.drop(sent);
    }
  }

  /** `body`: what somebody has looked at. */
  async passOn(
    request: IncomingMessage,
    response: ServerResponse,
    { path, body }: Passed,
  ): Promise<void> {
    const { method = 'GET', url = '' } = request;
    const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
    const share = this.#long.share();
    try {
      const { answer, bytes } = await within(ANSWER_TIME, async (signal) => {
        const got = await this.#parts.upstream.request(path + query, {
          method: method as Dispatcher.HttpMethod,
          headers: request.headers,
          body,
          signal,
        });
        return { answer: got, bytes: notArchive(await answeredJson(got, method, share)) };
      });
      this.#send(response, answer, bytes);
    } finally {
      share.release();
    }
  }

  #send(response: ServerResponse, { statusCode, headers: answered }: Answer, bytes: Buffer): void {
    const headers: Record<string, string | string[]> = {};
    for (const name of PASSED_BACK) {
      const value = answered[name];
      if (value !== undefined) headers[name] = value;
    }
    const own = {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    };
    this.#parts.sending.end(response, bytes, {
      status: statusCode,
      headers: { ...headers, ...own },
    });
  }
}

async function answeredJson(
  { statusCode, headers, body }: Answer,
  method: string,
  share: ByteShare,
): Promise<Buffer> {
  const encoding = [headers['content-encoding']].flat()[0];
  const onLong = (): Promise<void> | undefined => share.growAlone();
  const bytes = await bodyOf(body, { bytesMax: ANSWER_BYTES_MAX, encoding, onLong });
  if (bytes.length === 0 || parseJson(bytes) !== undefined) return bytes;
  // What was changed is changed, and an error is one, in whatever words.
  if (statusCode >= 400)
    return Buffer.from(JSON.stringify({ error: `the registry answers ${statusCode}` }));
  if (method !== 'GET' && method !== 'HEAD') return Buffer.from('{}');
  throw new GatewayAnswer(502, 'the registry sent what is not JSON, and is not passed on');
}

/** @throws GatewayAnswer for what is not JSON, or brings what only a publication may bring. */
function checkedBody(body: Buffer, encoding: string | undefined): Buffer {
  if (body.length === 0) return body;
  const value = parseJson(unpacked(body, encoding));
  if (value === undefined) throw new GatewayAnswer(400, 'what was sent is not JSON');
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.some((key) => /attachments/i.test(key.normalize('NFKC'))))
    throw new GatewayAnswer(
      403,
      'tarwarden: attachments are published at the address of a package',
    );
  return body;
}

function unpacked(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding !== 'gzip') throw new GatewayAnswer(415, 'gzip is the only encoding that is read');
  try {
    return gunzipSync(body, { maxOutputLength: UNPACKED_BYTES_MAX });
  } catch (cause) {
    throw new GatewayAnswer(400, 'what was sent cannot be unpacked', { cause });
  }
}
