/* The registry's API beside packages, passed on. Its answers are JSON, so that none of them is an archive that nobody inspected. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { readAtMost } from '@tarwarden/host';
import type { Dispatcher } from 'undici';
import { GatewayAnswer } from './answers.ts';
import { notArchive, parseJson } from './json.ts';
import { bodyOf, type Answer, type Upstream } from './upstream.ts';

/** Bytes of an answer. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
/** Bytes of what a client sends: that of an audit of a large project has some hundred kB. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;
/** The same, unpacked. */
const UNPACKED_BYTES_MAX = 32 * 1024 * 1024;
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
/** Headers of an answer that clients act by. */
const PASSED_BACK = ['www-authenticate', 'npm-notice', 'retry-after', 'npm-auth-type'];

interface Passed {
  readonly upstream: Upstream;
  /** Below the registry's address, without the query of the request. */
  readonly path: string;
}

/** Of the API: `body` is read before the registry is asked, so that a slow client keeps none of its connections. */
export async function passOnApi(
  request: IncomingMessage,
  response: ServerResponse,
  passed: Passed,
): Promise<void> {
  const { method = 'GET' } = request;
  if (!METHODS.includes(method)) throw new GatewayAnswer(405, `${method} is not passed on`);
  const sends = method === 'POST' || method === 'PUT';
  const body = sends ? await sentBody(request) : undefined;
  await passOn(request, response, { ...passed, body });
}

export async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  { upstream, path, body }: Passed & { readonly body: Buffer | undefined },
): Promise<void> {
  const { method = 'GET', url = '' } = request;
  const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
  const answer = await upstream.request(path + query, {
    method: method as Dispatcher.HttpMethod,
    headers: request.headers,
    body,
  });
  const bytes = notArchive(await answeredJson(answer, method));
  const headers: Record<string, string | string[]> = {};
  for (const name of PASSED_BACK) {
    const value = answer.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  response.writeHead(answer.statusCode, {
    ...headers,
    'content-type': 'application/json',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(method === 'HEAD' ? undefined : bytes);
}

async function answeredJson(
  { statusCode, headers, body }: Answer,
  method: string,
): Promise<Buffer> {
  const encoding = [headers['content-encoding']].flat()[0];
  const bytes = await bodyOf(body, { bytesMax: ANSWER_BYTES_MAX, encoding });
  if (bytes.length === 0 || parseJson(bytes) !== undefined) return bytes;
  // What was changed is changed, and an error is one, in whatever words.
  if (statusCode >= 400)
    return Buffer.from(JSON.stringify({ error: `the registry answers ${statusCode}` }));
  if (method !== 'GET' && method !== 'HEAD') return Buffer.from('{}');
  throw new GatewayAnswer(502, 'the registry sent what is not JSON, and is not passed on');
}

/** @throws GatewayAnswer for what is not JSON, or brings what only a publication may bring. */
async function sentBody(request: IncomingMessage): Promise<Buffer> {
  const body = await receivedBody(request, BODY_BYTES_MAX);
  if (body.length === 0) return body;
  const value = parseJson(unpacked(body, request.headers['content-encoding']));
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

async function receivedBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  // A client gets the reason: its connection is needed for that.
  const sent = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  const tooLong = (): Error => new GatewayAnswer(413, `a body of more than ${bytesMax} bytes`);
  return readAtMost(sent, { bytesMax, tooLong });
}
