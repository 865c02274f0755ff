/* Requests to the module proxies that GOPROXY names. */
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { createGunzip } from 'node:zlib';
import { redactUrl } from '@tarwarden/core/text';
import { isMissing } from '../../files/errno.ts';
import type { ByteShare } from '../byte-budget.ts';
import { plainClient, plainRequest, type PlainClient } from '../direct-fetch.ts';
import { follow } from '../redirects.ts';
import { systemAuthorities } from '../system-authorities.ts';
import { TooLargeError } from '../too-large.ts';
import { userOf } from '../url-user.ts';
import { GoAuthError, type CredentialHeaders, type Credentials } from './credentials.ts';
import { forwardProxyFor } from './forward-proxy.ts';
import type { ModuleProxyAnswer } from './proxy-list.ts';
import { readRegularFile } from './regular-file.ts';

/** Milliseconds without a byte until a proxy has failed. */
const IDLE_MS = 120_000;
/** Bytes of the body of an error. go shows about 600 of them. */
const MAX_ERROR_BYTES = 64 * 1024;
/** Connections to one proxy. */
const SOCKETS = 16;

/** Reserves memory for a body of so many bytes. The reader waits for the promise before it reads more. */
export type ReserveMemory = (bytes: number) => Promise<void> | undefined;

/** Reserves memory from a share that holds `atFirst` bytes. Larger bodies grow one at a time: all at once would wait for each other, or fill the memory. */
export function memoryOf(share: ByteShare, atFirst: number): ReserveMemory {
  let isAlone = false;
  return (bytes) => {
    if (bytes <= atFirst) return undefined;
    const turn = isAlone ? undefined : share.growAlone();
    isAlone = true;
    if (turn !== undefined) return turn.then(() => share.resize(bytes));
    share.resize(bytes);
    return undefined;
  };
}

interface ProxyRequest {
  /** Raw path below the address, as go requests it. */
  readonly path: string;
  readonly bytesMax: number;
  /** Called with the announced length, then with the length that was read. */
  readonly reserve?: ReserveMemory | undefined;
}

export class Upstream {
  readonly #credentials: Credentials;
  readonly #env: NodeJS.ProcessEnv;
  readonly #clients = new Map<string, Promise<PlainClient>>();

  constructor(credentials: Credentials, env: NodeJS.ProcessEnv) {
    this.#credentials = credentials;
    this.#env = env;
  }

  /**
   * The answer of one proxy, which may be an error. A proxy that cannot be reached gives an answer 502.
   * @throws TooLargeError for a body of more than `bytesMax` bytes, GoAuthError.
   */
  async get(address: string, request: ProxyRequest): Promise<ModuleProxyAnswer> {
    const source = `${address}/${request.path}`;
    try {
      if (!isBelow(new URL(source), new URL(address)))
        throw new Error('it leads out of the address that GOPROXY has');
      return source.startsWith('file:')
        ? fromDisk(source, request.bytesMax)
        : await this.#fetch(new URL(source), request);
    } catch (error) {
      if (error instanceof TooLargeError || error instanceof GoAuthError) throw error;
      const why = redactUrl(`${source}: ${(error as Error).message}`);
      return { status: 502, body: Buffer.from(why), source };
    }
  }

  /** Sends one chain of requests, and a second one with credentials if the answer requires them. */
  async #fetch(firstUrl: URL, request: ProxyRequest): Promise<ModuleProxyAnswer> {
    const userHeaders = userHeader(firstUrl);
    const credentials = { ...(await this.#credentials.for(firstUrl)), ...userHeaders };
    let lastAnswer = await this.#follow(firstUrl, credentials);
    const { statusCode: status = 0, statusMessage: reason = '', headers } = lastAnswer.response;
    if (firstUrl.protocol === 'https:' && status >= 400 && status < 500) {
      // go gets credentials for its own URL and not for the target of a redirect, which somebody else has written.
      const url = firstUrl.origin + firstUrl.pathname;
      const challenge = { url, status, reason, headers };
      const newCredentials = { ...(await this.#credentials.after(challenge)), ...userHeaders };
      if (!isDeepStrictEqual(newCredentials, credentials)) {
        lastAnswer.response.destroy();
        lastAnswer = await this.#follow(firstUrl, newCredentials);
      }
      await this.#credentials.answered(url, lastAnswer.response.statusCode ?? 0);
    }
    const { statusCode = 0 } = lastAnswer.response;
    const isFile = statusCode === 200;
    const max = isFile ? request.bytesMax : MAX_ERROR_BYTES;
    const announced = Number(lastAnswer.response.headers['content-length'] ?? 0);
    if (isFile && announced > max) {
      lastAnswer.response.destroy();
      throw TooLargeError.announced(announced, max);
    }
    const reserve = isFile ? request.reserve : undefined;
    await waitFor(reserve?.(announced), lastAnswer.response);
    const body = await bodyOf(lastAnswer.response, { max, cut: !isFile, reserve, announced });
    return { status: statusCode, body, source: lastAnswer.url.href };
  }

  /** The credentials belong to the first address. Once a redirect leaves its host, no later request carries them. */
  async #follow(
    firstUrl: URL,
    credentials: CredentialHeaders,
  ): Promise<{ readonly response: IncomingMessage; readonly url: URL }> {
    let carriedCredentials = credentials;
    const send = async (url: URL, hop: number) => {
      if (!isSameOrBelow(url.hostname, firstUrl.hostname)) carriedCredentials = {};
      const answer = await this.#send(
        url,
        hop === 0 ? carriedCredentials : { ...carriedCredentials, ...userHeader(url) },
      );
      const { statusCode: status = 0, headers } = answer;
      return { answer, status, location: headers.location, drop: () => void answer.destroy() };
    };
    const { url, answer: response } = await follow(firstUrl, { send });
    return { url, response };
  }

  async #send(url: URL, credentials: CredentialHeaders): Promise<IncomingMessage> {
    const client = this.#clients.get(url.origin) ?? this.#makeClient(url);
    this.#clients.set(url.origin, client);
    const headers = { 'user-agent': 'Go-http-client/1.1', ...credentials };
    return plainRequest(url, { client: await client, headers, idle: IDLE_MS });
  }

  async #makeClient(url: URL): Promise<PlainClient> {
    const secure = url.protocol === 'https:';
    const ca = secure ? systemAuthorities(this.#env) : undefined;
    const options = { maxSockets: SOCKETS, ...(ca !== undefined && { ca }) };
    const client = await plainClient(options, secure);
    const proxy = forwardProxyFor(url, this.#env);
    if (proxy === undefined) return client;
    const { proxiedAgent } = await import('./proxied-agent.ts');
    return { ...client, agent: proxiedAgent(proxy, { keepAlive: true, ...options }) };
  }
}

/** Checks the normalised URL, so that credentials never go to another address. */
function isBelow(url: URL, { origin, protocol, pathname }: URL): boolean {
  const sameHost = url.protocol === protocol && url.origin === origin;
  return sameHost && url.pathname.startsWith(`${pathname.replace(/\/$/, '')}/`);
}

/** Decides as net/http of Go whether a redirect gets the credentials. Ports do not count. */
function isSameOrBelow(host: string, parent: string): boolean {
  // IP addresses have no host below them.
  return host === parent || (host.endsWith(`.${parent}`) && !/[:%]/.test(host));
}

function userHeader(url: URL): CredentialHeaders {
  const authorization = userOf(url);
  return authorization === undefined ? {} : { authorization };
}

/** Waits without a time limit: the proxy is not silent, we do not read. */
async function waitFor(
  memory: Promise<void> | undefined,
  response: IncomingMessage,
): Promise<void> {
  if (memory === undefined) return;
  response.setTimeout(0);
  await memory;
  response.setTimeout(IDLE_MS);
}

interface BodyOptions {
  readonly max: number;
  readonly cut: boolean;
  readonly reserve: ReserveMemory | undefined;
  /** The announced length, or 0 if the proxy announced none. */
  readonly announced: number;
}

async function bodyOf(
  response: IncomingMessage,
  { max, cut, reserve, announced }: BodyOptions,
): Promise<Buffer> {
  // Some servers compress without being asked, and Go accepts that. The bytes are counted after decompression.
  const encoded = response.headers['content-encoding']?.toLowerCase() === 'gzip';
  const content = encoded ? pipeline(response, createGunzip(), () => undefined) : response;
  // Joining pieces would need twice the memory. With an announced length, the pieces go into one buffer at once.
  const wholeBody =
    cut || encoded || !(announced > 0) ? undefined : Buffer.allocUnsafeSlow(announced);
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of content as AsyncIterable<Buffer>) {
    const start = bytes;
    bytes += piece.length;
    if (bytes > max) {
      response.destroy();
      if (cut) break;
      throw TooLargeError.read(max);
    }
    // oxlint-disable-next-line no-await-in-loop -- the pieces are held in memory
    await waitFor(reserve?.(bytes), response);
    if (wholeBody === undefined) pieces.push(piece);
    else piece.copy(wholeBody, start);
  }
  const isWhole = response.complete && (wholeBody === undefined || bytes === announced);
  if (!cut && !isWhole) throw new Error('the answer was cut short');
  return wholeBody ?? Buffer.concat(pieces);
}

function fromDisk(source: string, bytesMax: number): ModuleProxyAnswer {
  const file = fileURLToPath(source);
  try {
    // The user may have links there. A fifo or a device never ends, so it is not read.
    const body = readRegularFile(file, { bytesMax, follow: true });
    return { status: 200, body, source };
  } catch (error) {
    if (!isMissing(error)) throw error;
    return { status: 404, body: Buffer.from('not found'), source };
  }
}
