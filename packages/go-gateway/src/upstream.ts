/* What the gateway asks of the module proxies that GOPROXY names. */
import { readFile, stat } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { redactUrl } from '@tarwarden/core/text';
import { TooLargeError } from '@tarwarden/host';
import { basic, type Credentials, type Headers } from './credentials.ts';
import type { Answer } from './proxy-list.ts';
import { authorities } from './trust.ts';

/** Redirects followed for one file, as go does. */
const MAX_HOPS = 10;
/** Milliseconds without a byte, after which a proxy has failed. */
const IDLE_MS = 120_000;
/** Bytes of an answer that is none that was asked for: go shows some 600 of them. */
const MAX_ERROR_BYTES = 64 * 1024;
/** Connections to one proxy. */
const SOCKETS = 16;

const PROXY = /^https?_proxy$/i;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

export interface Wanted {
  /** Raw path below the address, as go asked for it. */
  readonly path: string;
  /** Bytes past which the body is not read on. */
  readonly bytesMax: number;
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
   * @throws TooLargeError for a body of more than `bytesMax` bytes.
   */
  async get(address: string, wanted: Wanted): Promise<Answer> {
    const source = `${address}/${wanted.path}`;
    try {
      return source.startsWith('file:')
        ? await fromDisk(source, wanted.bytesMax)
        : await this.#follow(new URL(source), wanted.bytesMax);
    } catch (error) {
      if (error instanceof TooLargeError) throw error;
      const why = redactUrl(`${source}: ${(error as Error).message}`);
      return { status: 502, body: Buffer.from(why), source };
    }
  }

  async #follow(first: URL, bytesMax: number): Promise<Answer> {
    let url = first;
    for (let hop = 0; hop <= MAX_HOPS; hop++) {
      // oxlint-disable-next-line no-await-in-loop -- the next address is in the answer
      const response = await this.#ask(url, first);
      const { statusCode = 0, headers } = response;
      const to = statusCode >= 300 && statusCode < 400 ? headers.location : undefined;
      if (to === undefined) {
        const max = statusCode === 200 ? bytesMax : MAX_ERROR_BYTES;
        // oxlint-disable-next-line no-await-in-loop -- the last one
        const body = await bodyOf(response, { max, cut: statusCode !== 200 });
        return { status: statusCode, body, source: url.href };
      }
      response.destroy();
      const next = new URL(to, url);
      if (first.protocol === 'https:' && next.protocol !== 'https:')
        throw new Error('it redirects from https to another protocol');
      url = next;
    }
    throw new Error(`it redirects more than ${MAX_HOPS} times`);
  }

  /** One request, and a second one with credentials where the first is refused for want of them. */
  async #ask(url: URL, first: URL): Promise<IncomingMessage> {
    const own = url.host === first.host ? userOf(first) : {};
    const given = { ...(await this.#credentials.for(url)), ...userOf(url), ...own };
    const response = await this.#send(url, given);
    const status = response.statusCode ?? 0;
    if (url.protocol !== 'https:' || status < 400 || status >= 500) return response;
    const { origin, pathname } = url;
    const challenge = { url: origin + pathname, status, headers: response.headers };
    const more = await this.#credentials.after(challenge);
    const better = { ...more, ...userOf(url), ...own };
    if (better['authorization'] === given['authorization']) return response;
    response.destroy();
    return this.#send(url, better);
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
        resolve,
      );
      sent.setTimeout(IDLE_MS, () => sent.destroy(new Error('no answer')));
      sent.on('error', reject);
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
    const ca = secure ? authorities(this.#env) : undefined;
    const options = { keepAlive: true, maxSockets: SOCKETS, ...(ca !== undefined && { ca }) };
    const proxied = Object.entries(this.#env).some(
      ([name, value]) => PROXY.test(name) && value !== '',
    );
    // As go has it.
    if (proxied && !LOOPBACK.test(url.hostname)) {
      const { getAgent } = await import('@npmcli/agent');
      return getAgent(url, options);
    }
    // Loaded where a zip is fetched: a run that fetches nothing does not wait for it.
    return secure ? new (await import('node:https')).Agent(options) : new HttpAgent(options);
  }
}

function userOf({ username, password }: URL): Headers {
  if (username === '' && password === '') return {};
  return { authorization: basic(decodeURIComponent(username), decodeURIComponent(password)) };
}

async function bodyOf(
  response: IncomingMessage,
  { max, cut }: { readonly max: number; readonly cut: boolean },
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > max) {
      response.destroy();
      if (cut) break;
      throw TooLargeError.read(max);
    }
    pieces.push(piece);
  }
  if (!cut && !response.complete) throw new Error('the answer was cut short');
  return Buffer.concat(pieces);
}

async function fromDisk(source: string, bytesMax: number): Promise<Answer> {
  const file = fileURLToPath(source);
  try {
    const { size } = await stat(file);
    if (size > bytesMax) throw TooLargeError.read(bytesMax);
    return { status: 200, body: await readFile(file), source };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    return { status: 404, body: Buffer.from('not found'), source };
  }
}
