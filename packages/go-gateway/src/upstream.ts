/* Requests of the gateway to the module proxies in GOPROXY. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { createGunzip } from 'node:zlib';
import { redactUrl } from '@tarwarden/core/text';
import { isMissing, systemAuthorities, TooLargeError } from '@tarwarden/host';
import { basic, type Credentials, type Headers } from './credentials.ts';
import { forwardProxyFor } from './forward-proxy.ts';
import { GoAuthError } from './goauth.ts';
import type { Answer } from './proxy-list.ts';
import { readRegularFile } from './regular-file.ts';

/** Redirects followed for one file, as go does. */
const MAX_HOPS = 10;
/** Milliseconds without a byte, after which a proxy has failed. */
const IDLE_MS = 120_000;
/** Bytes of an answer that is none that was asked for: go shows some 600 of them. */
const MAX_ERROR_BYTES = 64 * 1024;
const SOCKETS = 16;

export type Room = (bytes: number) => Promise<void> | undefined;

export interface Wanted {
  /** Raw path below the address, as go asked for it. */
  readonly path: string;
  /** Bytes past which the body is not read on. */
  readonly bytesMax: number;
  /** Called with the bytes that are announced, then with those that are there: waited for before more are read. */
  readonly room?: Room | undefined;
}

export class Upstream {
  readonly #credentials: Credentials;
  readonly #env: NodeJS.ProcessEnv;
  readonly #agents = new Map<string, Promise<HttpAgent>>();

  constructor(credentials: Credentials, env: NodeJS.ProcessEnv) {
    this.#credentials = credentials;
    this.#env = env;
  }

  /**
   * The answer of one proxy: also one that is an error, or that stands for a proxy which cannot be reached (502).
   * @throws TooLargeError for a body of more than `bytesMax` bytes, GoAuthError.
   */
  async get(address: string, wanted: Wanted): Promise<Answer> {
    const source = `${address}/${wanted.path}`;
    try {
      if (!isBelow(new URL(source), new URL(address)))
        throw new Error('it leads out of the address that GOPROXY has');
      return source.startsWith('file:')
        ? fromDisk(source, wanted.bytesMax)
        : await this.#fetch(new URL(source), wanted);
    } catch (error) {
      if (error instanceof TooLargeError || error instanceof GoAuthError) throw error;
      const why = redactUrl(`${source}: ${(error as Error).message}`);
      return { status: 502, body: Buffer.from(why), source };
    }
  }

  /** One chain of requests, and a second one with credentials where the first is refused for want of them. */
  async #fetch(first: URL, wanted: Wanted): Promise<Answer> {
    const own = userOf(first);
    const given = { ...(await this.#credentials.for(first)), ...own };
    let last = await this.#follow(first, given);
    const { statusCode: status = 0, statusMessage: reason = '', headers } = last.response;
    if (first.protocol === 'https:' && status >= 400 && status < 500) {
      // go asks about what it asked for, not about where that led: a redirect is written by somebody else.
      const url = first.origin + first.pathname;
      const challenge = { url, status, reason, headers };
      const better = { ...(await this.#credentials.after(challenge)), ...own };
      if (!isDeepStrictEqual(better, given)) {
        last.response.destroy();
        last = await this.#follow(first, better);
      }
      await this.#credentials.answered(url, last.response.statusCode ?? 0);
    }
    const { statusCode = 0 } = last.response;
    const isFile = statusCode === 200;
    const max = isFile ? wanted.bytesMax : MAX_ERROR_BYTES;
    const announced = Number(last.response.headers['content-length'] ?? 0);
    if (isFile && announced > max) {
      last.response.destroy();
      throw TooLargeError.announced(announced, max);
    }
    const room = isFile ? wanted.room : undefined;
    await waitFor(room?.(announced), last.response);
    const body = await bodyOf(last.response, { max, cut: !isFile, room, announced });
    return { status: statusCode, body, source: last.url.href };
  }

  /** Credentials are of the first address. Once they were held back they stay so, whatever comes behind. */
  async #follow(
    first: URL,
    credentials: Headers,
  ): Promise<{ readonly response: IncomingMessage; readonly url: URL }> {
    let url = first;
    let carried = credentials;
    for (let hop = 0; hop <= MAX_HOPS; hop++) {
      // oxlint-disable-next-line no-await-in-loop -- the next address is in the answer
      const response = await this.#send(url, hop === 0 ? carried : { ...carried, ...userOf(url) });
      const { statusCode = 0, headers } = response;
      const to = statusCode >= 300 && statusCode < 400 ? headers.location : undefined;
      if (to === undefined) return { response, url };
      response.destroy();
      const next = new URL(to, url);
      if (first.protocol === 'https:' && next.protocol !== 'https:')
        throw new Error('it redirects from https to another protocol');
      if (!isSameOrBelow(next.hostname, first.hostname)) carried = {};
      url = next;
    }
    throw new Error(`it redirects more than ${MAX_HOPS} times`);
  }

  async #send(url: URL, headers: Headers): Promise<IncomingMessage> {
    const agent = await this.#agentFor(url);
    const request = url.protocol === 'https:' ? (await import('node:https')).request : httpRequest;
    const { protocol, hostname, port, pathname, search } = url;
    const address = {
      protocol,
      hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
      port,
      path: pathname + search,
    };
    return new Promise((resolve, reject) => {
      const sent = request(
        { ...address, agent, headers: { 'user-agent': 'Go-http-client/1.1', ...headers } },
        (response) => {
          if ((response.statusCode ?? 0) >= 200) resolve(response);
          else sent.destroy(new Error('it answers with a status that ends nothing'));
        },
      );
      sent.setTimeout(IDLE_MS, () => sent.destroy(new Error('no answer')));
      sent.on('error', reject);
      // Without a listener of its own, an answer 101 would neither be an answer nor an error.
      sent.on('upgrade', (_answer, socket) => {
        socket.destroy();
        reject(new Error('it answers 101 Switching Protocols'));
      });
      sent.on('close', () => reject(new Error('it closed the connection without an answer')));
      sent.end();
    });
  }

  #agentFor(url: URL): Promise<HttpAgent> {
    let agent = this.#agents.get(url.origin);
    if (agent === undefined) {
      agent = this.#makeAgent(url);
      this.#agents.set(url.origin, agent);
    }
    return agent;
  }

  async #makeAgent(url: URL): Promise<HttpAgent> {
    const secure = url.protocol === 'https:';
    const ca = secure ? systemAuthorities(this.#env) : undefined;
    const options = { keepAlive: true, maxSockets: SOCKETS, ...(ca !== undefined && { ca }) };
    const proxy = forwardProxyFor(url, this.#env);
    if (proxy !== undefined)
      return (await import('./proxied-agent.ts')).proxiedAgent(proxy, options);
    // Loaded where a zip is fetched: a run that fetches nothing does not wait for it.
    return secure ? new (await import('node:https')).Agent(options) : new HttpAgent(options);
  }
}

/** So that credentials go nowhere else, whatever a path is normalised to. */
function isBelow(url: URL, { origin, protocol, pathname }: URL): boolean {
  const sameHost = url.protocol === protocol && url.origin === origin;
  return sameHost && url.pathname.startsWith(`${pathname.replace(/\/$/, '')}/`);
}

/** As net/http of Go decides whether a redirect gets the credentials: ports do not count. */
function isSameOrBelow(host: string, parent: string): boolean {
  // Addresses have no host below them.
  return host === parent || (host.endsWith(`.${parent}`) && !/[:%]/.test(host));
}

function userOf({ username, password }: URL): Headers {
  if (username === '' && password === '') return {};
  return { authorization: basic(decodeURIComponent(username), decodeURIComponent(password)) };
}

/** A proxy is not silent while we do not read. */
async function waitFor(room: Promise<void> | undefined, response: IncomingMessage): Promise<void> {
  if (room === undefined) return;
  response.setTimeout(0);
  await room;
  response.setTimeout(IDLE_MS);
}

interface BodyOptions {
  readonly max: number;
  readonly cut: boolean;
  readonly room: Room | undefined;
  /** Bytes that are to come; 0 where that is not said. */
  readonly announced: number;
}

async function bodyOf(
  response: IncomingMessage,
  { max, cut, room, announced }: BodyOptions,
): Promise<Buffer> {
  // The same header as Go sends. Some servers compress on request, and the limit below counts the decompressed bytes.
  const encoded = response.headers['content-encoding']?.toLowerCase() === 'gzip';
  const content = encoded ? pipeline(response, createGunzip(), () => undefined) : response;
  // Where the length is known, a large zip is in memory once: pieces that are joined are there twice.
  const whole = cut || encoded || !(announced > 0) ? undefined : Buffer.allocUnsafeSlow(announced);
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of content as AsyncIterable<Buffer>) {
    const at = bytes;
    bytes += piece.length;
    if (bytes > max) {
      response.destroy();
      if (cut) break;
      throw TooLargeError.read(max);
    }
    // oxlint-disable-next-line no-await-in-loop -- what is read is held in memory
    await waitFor(room?.(bytes), response);
    if (whole === undefined) pieces.push(piece);
    else piece.copy(whole, at);
  }
  const isWhole = response.complete && (whole === undefined || bytes === announced);
  if (!cut && !isWhole) throw new Error('the answer was cut short');
  return whole ?? Buffer.concat(pieces);
}

function fromDisk(source: string, bytesMax: number): Answer {
  const file = fileURLToPath(source);
  try {
    // The user may have links there; a fifo or a device has no end.
    const body = readRegularFile(file, { bytesMax, follow: true });
    return { status: 200, body, source };
  } catch (error) {
    if (!isMissing(error)) throw error;
    return { status: 404, body: Buffer.from('not found'), source };
  }
}
