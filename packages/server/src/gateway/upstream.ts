/* The registry behind the gateway, and the hosts of its tarballs. A user's credentials go to the registry's own origin alone. */
import type { Readable } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { mayBePublic, publicLookup } from './addresses.ts';
import { dropBody } from '@tarwarden/guard';
import { GatewayAnswer, GatewayRefusal } from './answers.ts';
import { DIRECT, dispatcherFor } from './outbound.ts';
import { readerOf } from './package-index.ts';
import { Reachability } from './reachability.ts';
import { spanned, traceHeaders } from './tracing.ts';
import { answered, asked, type RegistryAnswer } from './upstream-answer.ts';
import type { GatewayUpstreamOptions, UpstreamCredentials } from './upstream-options.ts';

/** Headers of a client that are passed on to the registry. */
const PASSED_ON = [
  'authorization',
  'accept',
  'if-none-match',
  'if-modified-since',
  'npm-auth-type',
  'npm-command',
  'npm-otp',
  'npm-scope',
  'npm-session',
  'user-agent',
];
/** Those of them that only the client's own registry may get. */
const SECRETS = ['authorization', 'npm-otp'];
const REDIRECTS_MAX = 3;
/** Milliseconds until the answer begins, and between two parts of it. */
const TIME_LIMIT = 60_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** The body that the gateway sends to the registry. */
export interface SentOn {
  readonly bytes: number;
  /** Called when the request gets its turn. */
  readonly read: () => Buffer | Readable;
}

export interface FollowOptions {
  /** The client's headers: its credentials go to the registry's own origin alone. */
  readonly headers: IncomingHttpHeaders;
  readonly signal: AbortSignal;
  /** Default: GET. */
  readonly method?: 'GET' | 'HEAD';
  /** Headers for every server that is asked. */
  readonly more?: Readonly<Record<string, string>>;
}

export interface Followed {
  readonly answer: RegistryAnswer;
  readonly url: URL;
}

export class GatewayUpstream {
  readonly #url: URL;
  readonly #base: string;
  readonly #pool: Dispatcher;
  readonly #api: Dispatcher;
  /** For public addresses. */
  readonly #elsewhere: Dispatcher;
  /** For hosts that the operator allowed: these may be in a private network. */
  readonly #named: Dispatcher;
  readonly #allowed: ReadonlySet<string>;
  readonly #credentials: UpstreamCredentials;
  readonly #reach = new Reachability();

  constructor(options: GatewayUpstreamOptions) {
    const { url, allowedHosts, connections, outbound = DIRECT } = options;
    this.#url = url;
    this.#credentials = options.credentials ?? 'pass';
    this.#base = url.pathname.replace(/\/$/, '');
    const { origin } = url;
    const own = { origin, timeLimit: TIME_LIMIT };
    this.#pool = dispatcherFor(outbound, { ...own, connections: connections.own });
    this.#api = dispatcherFor(outbound, { ...own, connections: connections.api });
    this.#elsewhere = dispatcherFor(outbound, { timeLimit: TIME_LIMIT, lookup: publicLookup });
    this.#named = dispatcherFor(outbound, { timeLimit: TIME_LIMIT });
    this.#allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  }

  /** @param path Below the registry's address, with its query. */
  async request(
    path: string,
    options: {
      readonly method: Dispatcher.HttpMethod;
      readonly headers: IncomingHttpHeaders;
      readonly body?: SentOn | undefined;
      readonly signal: AbortSignal;
    },
  ): Promise<RegistryAnswer> {
    const { method, body, headers, signal } = options;
    const { 'content-encoding': encoding } = headers;
    const passed = this.#passed(headers);
    // The checked body is JSON, so the registry has to read it as JSON.
    if (body !== undefined) {
      passed['content-type'] = 'application/json';
      passed['content-length'] = String(body.bytes);
      if (encoding !== undefined) passed['content-encoding'] = encoding;
    }
    // It may change something, so it is never repeated.
    return this.#reach.asked(this.#url.host, signal, async () =>
      answered(
        this.#api.request({
          origin: this.#url.origin,
          path: this.#base + path,
          method,
          headers: passed,
          body: body?.read() ?? null,
          signal,
        }),
      ),
    );
  }

  /**
   * Names the reader by the credentials that the registry gets. Only clients with the same name may share what the registry sends,
   * also among several registries of the gateway.
   */
  readerOf(headers: IncomingHttpHeaders): string {
    const authorization = this.#authorization(headers);
    return readerOf(authorization === undefined ? {} : { authorization });
  }

  /** An unpacked document. `headers`: the client's. */
  async document(
    path: string,
    headers: IncomingHttpHeaders,
    signal: AbortSignal,
  ): Promise<RegistryAnswer> {
    const passed = { ...this.#passed(headers), 'accept-encoding': 'gzip' };
    const { origin } = this.#url;
    const request = {
      origin,
      path: this.#base + path,
      method: 'GET',
      headers: passed,
      signal,
    } as const;
    return spanned('document', async () =>
      this.#reach.asked(this.#url.host, signal, async () =>
        asked(() => this.#pool.request(request)),
      ),
    );
  }

  /** Whether to ask a server even though there is a copy of its answer. */
  isWorthAsking(url: URL): boolean {
    return this.#reach.isWorthAsking(url.host);
  }

  /** Called when a server has not answered in time. */
  tooLate(url: URL): void {
    this.#reach.failed(url.host, undefined);
  }

  /**
   * A tarball from any allowed address that documents and redirects name.
   * @throws GatewayAnswer
   */
  async tarball(address: string, asking: FollowOptions): Promise<RegistryAnswer> {
    return (await this.follow(address, asking)).answer;
  }

  /**
   * Asks for an address that a document names, and follows redirects.
   * @throws GatewayAnswer for one that may not be asked.
   */
  async follow(address: string, asking: FollowOptions): Promise<Followed> {
    let url = new URL(address);
    if (!this.mayName(url))
      throw new GatewayRefusal(
        `tarwarden: the registry has this at ${url.host}, which is neither its own origin nor allowed (allowHosts)`,
      );
    let signedIn = true;
    for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
      // Another host has redirected back to the registry. Send no credentials: that host would choose what is asked for with them.
      signedIn &&= this.#isOwn(url);
      const answer = await this.#fetch(url, asking, signedIn);
      const { location } = answer.headers;
      if (!REDIRECTS.has(answer.statusCode) || typeof location !== 'string') return { answer, url };
      dropBody(answer.body);
      if (!URL.canParse(location, url.href)) break;
      url = new URL(location, url);
    }
    throw new GatewayAnswer(502, 'the registry sends elsewhere too often');
  }

  /** Whether a document may name an address: of the registry itself, or of a host that the operator allowed. */
  mayName(url: URL): boolean {
    return this.#isOwn(url) || this.#allowed.has(url.host);
  }

  /** An address below the registry's own. */
  at(path: string): string {
    return this.address + path;
  }

  /** The registry's address, without a slash at its end. */
  get address(): string {
    return this.#url.origin + this.#base;
  }

  async #fetch(
    url: URL,
    { headers, signal, method = 'GET', more = {} }: FollowOptions,
    signedIn: boolean,
  ): Promise<RegistryAnswer> {
    const path = url.pathname + url.search;
    const { 'user-agent': agent } = headers;
    const authorization = signedIn ? this.#authorization(headers) : undefined;
    const common = { ...more, ...(agent && { 'user-agent': agent }) };
    if (this.#isOwn(url)) {
      const own = { ...common, ...traceHeaders(), ...(authorization && { authorization }) };
      const request = { origin: url.origin, path, method, headers: own, signal };
      return this.#reach.asked(url.host, signal, async () =>
        asked(() => this.#pool.request(request)),
      );
    }
    const named = this.#allowed.has(url.host);
    if (url.protocol !== 'https:' && !(named && url.protocol === 'http:'))
      throw new GatewayRefusal(`tarwarden: the registry sends to ${url.host} without TLS`);
    if (!named && !mayBePublic(url.hostname))
      throw new GatewayRefusal(
        `tarwarden: the registry sends to ${url.host}, which is no name of a public host`,
      );
    const options = { method, headers: common, signal };
    const dispatcher = named ? this.#named : this.#elsewhere;
    return this.#reach.asked(url.host, signal, async () =>
      asked(() => dispatcher.request({ ...options, origin: url.origin, path })),
    );
  }

  #passed(headers: IncomingHttpHeaders): Record<string, string> {
    const passed: Record<string, string> = { ...traceHeaders() };
    for (const name of PASSED_ON) {
      const value = headers[name];
      if (typeof value === 'string' && value !== '') passed[name] = value;
    }
    if (this.#credentials === 'pass') return passed;
    for (const name of SECRETS) delete passed[name];
    const authorization = this.#authorization(headers);
    if (authorization !== undefined) passed['authorization'] = authorization;
    return passed;
  }

  /** The credentials for the registry's own origin. */
  #authorization({ authorization }: IncomingHttpHeaders): string | undefined {
    if (this.#credentials === 'pass') return authorization;
    return this.#credentials === 'none' ? undefined : `Bearer ${this.#credentials.token}`;
  }

  #isOwn(url: URL): boolean {
    return url.origin === this.#url.origin;
  }

  /** Why the registry did not answer last, in words without addresses; undefined if it did, or if that was long ago. */
  problem(): string | undefined {
    return this.#reach.problem(this.#url.host);
  }

  /** @param isUrgent Whether requests under way are ended. */
  async close(isUrgent = true): Promise<void> {
    const pools = [this.#pool, this.#api, this.#elsewhere, this.#named];
    await Promise.all(pools.map((pool) => (isUrgent ? pool.destroy() : pool.close())));
  }
}
