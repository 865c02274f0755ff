/* The registry behind the gateway, and where its tarballs lie. What signs a user in goes to the registry's own origin alone. */
import { lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { IncomingHttpHeaders } from 'node:http';
import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { Agent, Pool, type Dispatcher } from 'undici';
import { GatewayAnswer } from './answers.ts';

/** Headers of a client that a registry is to have. */
const PASSED_ON = [
  'authorization',
  'accept',
  'content-type',
  'if-none-match',
  'if-modified-since',
  'npm-auth-type',
  'npm-command',
  'npm-otp',
  'npm-scope',
  'npm-session',
  'user-agent',
];
const REDIRECTS_MAX = 3;
/** For the answer to begin, and between two parts of it. Milliseconds. */
const TIME_LIMIT = 60_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export interface UpstreamOptions {
  /** Address of the registry. */
  readonly url: URL;
  /** Other hosts that its documents may name for tarballs. */
  readonly allowedHosts: readonly string[];
  /** Connections to it. */
  readonly connections: number;
}

export type Answer = Dispatcher.ResponseData;

export class Upstream {
  readonly #url: URL;
  readonly #base: string;
  readonly #pool: Pool;
  readonly #elsewhere: Agent;
  readonly #allowed: ReadonlySet<string>;

  constructor({ url, allowedHosts, connections }: UpstreamOptions) {
    this.#url = url;
    this.#base = url.pathname.replace(/\/$/, '');
    const times = { headersTimeout: TIME_LIMIT, bodyTimeout: TIME_LIMIT };
    this.#pool = new Pool(url.origin, { connections, ...times });
    this.#elsewhere = new Agent({ ...times, connect: { lookup: publicLookup } });
    this.#allowed = new Set(allowedHosts);
  }

  /** @param path Below the registry's address, its query included. */
  async request(
    path: string,
    options: {
      readonly method: Dispatcher.HttpMethod;
      readonly headers: IncomingHttpHeaders;
      readonly body?: Readable | Buffer;
      readonly signal?: AbortSignal;
    },
  ): Promise<Answer> {
    const { method, body = null, signal } = options;
    return unreachable(
      this.#pool.request({
        path: this.#base + path,
        method,
        headers: passedOn(options.headers),
        body,
        ...(signal && { signal }),
      }),
    );
  }

  /** A document, unpacked. `headers`: those of the client. */
  async document(path: string, headers: IncomingHttpHeaders): Promise<Answer> {
    const asked = { ...passedOn(headers), 'accept-encoding': 'gzip' };
    return unreachable(
      this.#pool.request({ path: this.#base + path, method: 'GET', headers: asked }),
    );
  }

  /**
   * A tarball, from wherever the registry's documents and redirects lead, if that may be.
   * @throws GatewayAnswer
   */
  async tarball(
    address: string,
    headers: IncomingHttpHeaders,
    signal: AbortSignal,
  ): Promise<Answer> {
    let url = new URL(address);
    if (!this.#isOwn(url) && !this.#allowed.has(url.host))
      throw new GatewayAnswer(
        502,
        `the registry has this tarball at ${url.host}, which is neither its own host nor allowed (--allow-host)`,
      );
    for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
      const answer = await this.#fetch(url, headers, signal);
      const { location } = answer.headers;
      if (!REDIRECTS.has(answer.statusCode) || typeof location !== 'string') return answer;
      await answer.body.dump();
      if (!URL.canParse(location, url.href)) break;
      url = new URL(location, url);
    }
    throw new GatewayAnswer(502, 'the registry sends elsewhere too often');
  }

  /** The path of a tarball that lies at the registry itself; undefined for another. */
  pathAtOwn(address: string): string | undefined {
    const url = new URL(address);
    return this.#isOwn(url) ? url.pathname + url.search : undefined;
  }

  get pool(): Pool {
    return this.#pool;
  }

  async #fetch(url: URL, headers: IncomingHttpHeaders, signal: AbortSignal): Promise<Answer> {
    const path = url.pathname + url.search;
    if (this.#isOwn(url)) {
      const { authorization, 'user-agent': agent } = headers;
      const own = {
        ...(authorization && { authorization }),
        ...(agent && { 'user-agent': agent }),
      };
      return unreachable(this.#pool.request({ path, method: 'GET', headers: own, signal }));
    }
    if (url.protocol !== 'https:' && !this.#allowed.has(url.host))
      throw new GatewayAnswer(502, `the registry sends to ${url.host} without TLS`);
    if (isIP(url.hostname.replace(/^\[(.*)\]$/, '$1')) !== 0 && !this.#allowed.has(url.host))
      throw new GatewayAnswer(
        502,
        `the registry sends to an address that has no name: ${url.host}`,
      );
    const { 'user-agent': agent } = headers;
    const options = {
      method: 'GET' as const,
      headers: { ...(agent && { 'user-agent': agent }) },
      signal,
    };
    // An allowed host may be in a private network: somebody named it.
    const dispatcher = this.#allowed.has(url.host) ? new Agent() : this.#elsewhere;
    return unreachable(dispatcher.request({ ...options, origin: url.origin, path }));
  }

  #isOwn(url: URL): boolean {
    return url.origin === this.#url.origin;
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.destroy(), this.#elsewhere.destroy()]);
  }
}

/** A failure of the network is an answer: clients try again. */
async function unreachable<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    const code = (cause as { readonly code?: unknown }).code;
    throw new GatewayAnswer(
      502,
      `the registry cannot be reached (${String(code ?? 'no answer')})`,
      {
        cause,
      },
    );
  }
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = headers[name];
    if (typeof value === 'string') passed[name] = value;
  }
  return passed;
}

const PRIVATE = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv6');

/** Whether an address is of this machine or of a private network. */
export function isPrivateAddress(address: string): boolean {
  return PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** The addresses of a name, if all are public: a registry's redirect does not lead into the gateway's own network. */
const publicLookup: typeof lookup = ((
  host: string,
  options: { readonly all?: boolean },
  callback: (error: Error | null, ...found: unknown[]) => void,
) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error);
    if (addresses.some(({ address }) => isPrivateAddress(address)))
      return callback(new Error(`${host} is in a private network`));
    if (options.all === true) return callback(null, addresses);
    return callback(null, addresses[0]!.address, addresses[0]!.family);
  });
}) as never;

/** @throws GatewayAnswer for a body that is longer. */
export async function bodyOf(
  body: Readable,
  { bytesMax, encoding }: { readonly bytesMax: number; readonly encoding?: string | undefined },
): Promise<Buffer> {
  if (encoding !== undefined && !/^(?:gzip|identity)$/i.test(encoding)) {
    body.destroy();
    throw new GatewayAnswer(502, `the registry answers with an encoding that was not asked for`);
  }
  const plain = /^gzip$/i.test(encoding ?? '') ? body.compose(createGunzip()) : body;
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of plain as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > bytesMax)
        throw new GatewayAnswer(502, `an answer of more than ${bytesMax} bytes`);
      parts.push(part);
    }
  } catch (cause) {
    body.destroy();
    if (cause instanceof GatewayAnswer) throw cause;
    throw new GatewayAnswer(502, 'the answer of the registry broke off', { cause });
  }
  return Buffer.concat(parts);
}
