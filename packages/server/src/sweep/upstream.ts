/* The registry that is swept. Credentials go to its own origin alone, and only allowed hosts are asked. */
import type { Readable } from 'node:stream';
import { dropBody, gunzipped, ignoreErrors, readAtMost } from '@tarwarden/host';
import { Agent } from 'undici';
import { SweepFailure } from './failure.ts';

export interface SweptRegistryOptions {
  readonly registry: URL;
  /** Other hosts, with their ports, that may have tarballs. */
  readonly allowedHosts: readonly string[];
  /** The most connections to each host. */
  readonly connections: number;
  /** Bearer token for the registry. */
  readonly token?: string | undefined;
  /** Called with the status of each answer; undefined if there was none. */
  readonly onAnswer?: ((status: number | undefined) => void) | undefined;
  /** Milliseconds for a whole document. */
  readonly wholeLimit?: number | undefined;
}

const REDIRECTS_MAX = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Milliseconds until an answer begins, and between two parts of it. */
const TIME_LIMIT = 60_000;
/** The longest documents of public packages have some tens of megabytes. */
export const DOCUMENT_BYTES_MAX: number = 256 * 1024 * 1024;
/** Milliseconds for a whole document, or an answer that is not used. */
const WHOLE_LIMIT = 300_000;
/** The most values in a document: in memory, each takes up to 64 bytes, however short it is. Real ones have some 25 bytes a value. */
const VALUES_MAX = 4_000_000;
/** Statuses that another try would not change. */
const FINAL = new Set([400, 401, 403, 404, 405, 410, 451]);

export class SweptRegistry {
  readonly #options: SweptRegistryOptions;
  readonly #agent: Agent;
  readonly #allowed: ReadonlySet<string>;

  constructor(options: SweptRegistryOptions) {
    this.#options = options;
    this.#allowed = new Set(options.allowedHosts);
    this.#agent = new Agent({
      connections: options.connections,
      headersTimeout: TIME_LIMIT,
      bodyTimeout: TIME_LIMIT,
    });
  }

  /**
   * The whole document about a package: the short one has no times.
   * @throws SweepFailure
   */
  async document(name: string): Promise<unknown> {
    const { registry } = this.#options;
    const base = registry.href.endsWith('/') ? registry.href : `${registry.href}/`;
    const { body, headers } = await this.#get(new URL(name.replace('/', '%2f'), base), {
      accept: 'application/json',
      'accept-encoding': 'gzip',
    });
    const timer = this.#endLate(body);
    const plain = headers['content-encoding'] === 'gzip' ? gunzipped(body) : body;
    const tooLong = (): Error =>
      new SweepFailure('the document is too long', true, { kind: 'too-long' });
    try {
      const bytes = await readAtMost(plain, { bytesMax: DOCUMENT_BYTES_MAX, tooLong });
      if (hasMoreValues(bytes, VALUES_MAX)) throw tooLong();
      return JSON.parse(bytes.toString('utf8')) as unknown;
    } catch (cause) {
      dropBody(body);
      if (cause instanceof SweepFailure) throw cause;
      throw new SweepFailure('the document breaks off, or is not JSON', false, {
        kind: 'document',
        cause,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** A server may send single bytes, each in time, so the whole body is limited as well. */
  #endLate(body: Readable): NodeJS.Timeout {
    const { wholeLimit = WHOLE_LIMIT } = this.#options;
    return setTimeout(() => body.destroy(new Error('it took too long')), wholeLimit);
  }

  /**
   * A tarball as a stream, and its announced length.
   * @throws SweepFailure
   */
  async tarball(address: string): Promise<{ body: Readable; announced: number | undefined }> {
    const { body, headers } = await this.#get(new URL(address), {});
    const length = Number(headers['content-length']);
    return { body, announced: Number.isSafeInteger(length) ? length : undefined };
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #get(
    first: URL,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ body: Readable; headers: Readonly<Record<string, unknown>> }> {
    let url = first;
    for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
      this.#check(url);
      const answer = await this.#ask(url, headers);
      this.#options.onAnswer?.(answer.statusCode);
      if (answer.statusCode === 200) return answer;
      const timer = this.#endLate(answer.body);
      await answer.body.dump().catch(() => undefined);
      clearTimeout(timer);
      const { location } = answer.headers;
      if (!REDIRECTS.has(answer.statusCode) || typeof location !== 'string')
        throw new SweepFailure(
          `the registry answers ${answer.statusCode}`,
          FINAL.has(answer.statusCode),
          { kind: 'status' },
        );
      if (!URL.canParse(location, url.href)) break;
      url = new URL(location, url);
    }
    throw new SweepFailure('the registry redirects too often, or to nowhere', true, {
      kind: 'redirect',
    });
  }

  async #ask(
    url: URL,
    headers: Readonly<Record<string, string>>,
  ): Promise<Awaited<ReturnType<Agent['request']>>> {
    const { token, registry } = this.#options;
    const authorization =
      token !== undefined && url.origin === registry.origin
        ? { authorization: `Bearer ${token}` }
        : {};
    const answer = await this.#agent
      .request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'GET',
        headers: { 'user-agent': 'tarwarden', ...headers, ...authorization },
      })
      .catch((cause: unknown) => {
        const { code = 'no answer' } = cause as { readonly code?: string };
        this.#options.onAnswer?.(undefined);
        throw new SweepFailure(`the registry cannot be reached (${code})`, false, {
          kind: 'unreachable',
          cause,
        });
      });
    ignoreErrors(answer.body);
    return answer;
  }

  #check({ origin, host, protocol }: URL): void {
    if (origin === this.#options.registry.origin) return;
    if (/^https?:$/.test(protocol) && this.#allowed.has(host)) return;
    throw new SweepFailure(
      'it lies at a host that is neither the registry nor allowed (--allow-host)',
      true,
      { kind: 'host' },
    );
  }
}

const [COMMA, BRACKET, BRACE] = [0x2c, 0x5b, 0x7b];

/** An upper bound: every value but the first follows a comma or a bracket, and those in texts count as well. */
function hasMoreValues(bytes: Buffer, most: number): boolean {
  if (bytes.length < most) return false;
  let count = 0;
  for (const byte of bytes) if (byte === COMMA || byte === BRACKET || byte === BRACE) count += 1;
  return count >= most;
}
