/* The registry's API beside packages, passed on. Its answers are JSON, so that none of them is an archive that nobody inspected. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { GatewayAnswer } from './answers.ts';
import { bodyOf, type Upstream } from './upstream.ts';

/** Bytes of an answer. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
/** Headers of an answer that clients act by. */
const PASSED_BACK = ['www-authenticate', 'npm-notice', 'retry-after', 'npm-auth-type'];

/** @param path Below the registry's address, without the query of the request. */
export async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  {
    upstream,
    path,
    body,
  }: { readonly upstream: Upstream; readonly path: string; readonly body?: Buffer },
): Promise<void> {
  const { method = 'GET', url = '' } = request;
  if (!METHODS.includes(method)) throw new GatewayAnswer(405, `${method} is not passed on`);
  const query = url.includes('?') ? url.slice(url.indexOf('?')) : '';
  const sends = method === 'POST' || method === 'PUT';
  const answer = await upstream.request(path + query, {
    method: method as Dispatcher.HttpMethod,
    headers: request.headers,
    ...(body !== undefined ? { body } : sends ? { body: request } : {}),
  });
  const bytes = await bodyOf(answer.body, {
    bytesMax: ANSWER_BYTES_MAX,
    encoding: [answer.headers['content-encoding']].flat()[0],
  });
  if (bytes.length > 0 && !isJson(bytes))
    throw new GatewayAnswer(502, 'the registry sent what is not JSON, and is not passed on');
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

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
