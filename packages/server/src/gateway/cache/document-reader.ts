/*
 * Reads documents of the registry, with the cache if there is one. A fresh copy is used at once. Any other copy needs the registry's word
 * that it still holds; if the registry gives no answer, a copy that is not too old is used all the same.
 */
import { hash } from 'node:crypto';
import { dropBody } from '@tarwarden/guard';
import {
  GatewayAnswer,
  isWrongContent,
  plainHeaders,
  takesAway,
  UnreachableRegistry,
} from '../answers.ts';
import type { Metrics } from '../metrics.ts';
import { within } from '../time-limit.ts';
import {
  ANSWER_TIME,
  isLongDocument,
  withoutQuery,
  type RegistryAnswer,
} from '../upstream-answer.ts';
import type { GatewayUpstream } from '../upstream.ts';
import { answerBegins } from './answer-begins.ts';
import {
  KEPT_HEADERS,
  type DocumentCache,
  type DocumentCopy,
  type DocumentFacts,
  type DocumentKey,
} from './document-cache.ts';
import {
  conditionsOf,
  keysInstead,
  type RegistryDocumentRequest,
  type RegistryDocument,
  type UseDocument,
} from './document-request.ts';
import { freshTime, mayKeep, untilOf } from './freshness.ts';
import { StaleNotices } from './stale-notices.ts';

export interface DocumentReaderParts {
  readonly cache: DocumentCache | undefined;
  readonly upstream: Pick<GatewayUpstream, 'address' | 'isWorthAsking' | 'tooLate'>;
  readonly metrics: Metrics;
  /** Called at most once a minute while documents are served without the registry. */
  readonly onStale: (reason: string) => void;
}

export class DocumentReader {
  readonly cache: DocumentCache | undefined;
  readonly #parts: DocumentReaderParts;
  readonly #notices: StaleNotices;

  constructor(parts: DocumentReaderParts) {
    this.#parts = parts;
    this.cache = parts.cache;
    this.#notices = new StaleNotices(parts.onStale);
  }

  /** After this, the registry is asked about a package before a copy is used. */
  changed(about: string): void {
    this.cache?.changed(this.#source(about));
  }

  /** @throws GatewayAnswer */
  async use<Result>(asked: RegistryDocumentRequest, use: UseDocument<Result>): Promise<Result> {
    const { cache } = this.#parts;
    if (cache === undefined) return this.#uncached(asked, use);
    const copy = await this.#copyOf(cache, asked, asked);
    if (copy !== undefined && asked.isReload !== true && this.#isFresh(cache, asked, copy)) {
      this.#count('hit');
      const used = await this.#tryCopy(cache, asked, copy, use);
      if (used !== undefined) {
        asked.onCopy?.('hit');
        return used.result;
      }
      return this.#ask(cache, asked, undefined, use);
    }
    return this.#ask(cache, asked, copy, use);
  }

  /** When the registry sent or confirmed the copy that `instead` would use; undefined if there is none. */
  async checkedAt(asked: RegistryDocumentRequest): Promise<number | undefined> {
    const { cache } = this.#parts;
    if (cache === undefined) return undefined;
    for (const key of keysInstead(asked)) {
      const before = cache.replaces(await this.#copyOf(cache, key, asked));
      if (before !== undefined) return before;
    }
    return undefined;
  }

  /** A copy for a request that the registry has not answered. @throws the error if there is none. */
  async instead<Result>(
    asked: RegistryDocumentRequest,
    error: unknown,
    use: UseDocument<Result>,
  ): Promise<Result> {
    const { cache } = this.#parts;
    if (cache === undefined || !(error instanceof UnreachableRegistry)) throw error;
    for (const key of keysInstead(asked)) {
      const copy = await this.#copyOf(cache, key, asked);
      if (copy === undefined || !cache.mayBeStale(copy)) continue;
      const age = Math.max(0, Math.round((Date.now() - copy.facts.checkedAt) / 1000));
      this.#count('stale');
      asked.onCopy?.('stale');
      this.#notices.notice(error.message);
      const staleness = { age: String(age), warning: '110 - "Response is Stale"' };
      return use(this.#documentOf(cache, asked, copy, staleness));
    }
    throw error;
  }

  async #uncached<Result>(
    asked: RegistryDocumentRequest,
    use: UseDocument<Result>,
  ): Promise<Result> {
    const { ask, read, gone, conditions = {} } = asked;
    const document = await within(
      ANSWER_TIME,
      async (signal): Promise<RegistryDocument> => {
        const { answer, url } = await ask(conditions, signal);
        const { headers } = answer;
        const common = { headers, url, id: undefined, until: Infinity, staleness: {} };
        if (answer.statusCode === 304 && Object.keys(conditions).length > 0) {
          dropBody(answer.body);
          return { ...common, status: 304, read: async () => Buffer.alloc(0) };
        }
        const body = await read(answer);
        return { ...common, status: 200, read: async () => body };
      },
      gone,
    );
    return use(document);
  }

  async #ask<Result>(
    cache: DocumentCache,
    asked: RegistryDocumentRequest,
    copy: DocumentCopy | undefined,
    use: UseDocument<Result>,
  ): Promise<Result> {
    let fetched: Fetched | 'confirmed';
    try {
      fetched = await this.#fetch(cache, asked, copy);
    } catch (error) {
      if (takesAway(error)) await cache.forget(asked);
      if (asked.gone?.aborted === true) throw error;
      return this.instead(asked, error, use);
    }
    if (fetched !== 'confirmed') return this.#useNew(cache, asked, { ...fetched, copy }, use);
    this.#count('confirmed');
    const used = await this.#tryCopy(cache, asked, copy!, use);
    return used === undefined ? this.#ask(cache, asked, undefined, use) : used.result;
  }

  /** @throws UnreachableRegistry if the registry gives no answer, GatewayAnswer if it has no document. */
  async #fetch(
    cache: DocumentCache,
    asked: RegistryDocumentRequest,
    copy: DocumentCopy | undefined,
  ): Promise<Fetched | 'confirmed'> {
    const { upstream } = this.#parts;
    const { ask, read, gone } = asked;
    const url = new URL(asked.address);
    return within(
      ANSWER_TIME,
      async (signal, abort) => {
        const checkedAt = Date.now();
        const asking = {
          registry: upstream,
          url,
          checkedAt: () => cache.replaces(copy),
          abort,
          gone,
        };
        const followed = await answerBegins(async () => ask(conditionsOf(copy), signal), asking);
        const { answer } = followed;
        const { statusCode, headers, body } = answer;
        if (statusCode === 304 && copy !== undefined) {
          dropBody(body);
          await cache.confirm(asked, copy, { checkedAt, freshFor: freshTime(headers) });
          return 'confirmed';
        }
        if (statusCode >= 500) {
          dropBody(body);
          throw new UnreachableRegistry(`the registry answers ${statusCode}`);
        }
        return { headers, url: followed.url, body: await read(answer), checkedAt };
      },
      gone,
    );
  }

  /** Serves a document that the registry has sent, and keeps it if it passes all checks. */
  async #useNew<Result>(
    cache: DocumentCache,
    asked: RegistryDocumentRequest,
    fetched: Fetched & { readonly copy: DocumentCopy | undefined },
    use: UseDocument<Result>,
  ): Promise<Result> {
    const { headers, url, body, copy } = fetched;
    const facts = factsOf(fetched);
    this.#count('miss');
    const isLong = isLongDocument(body);
    const plainSha256 = isLong ? undefined : hash('sha256', body);
    // A registry without entity tags has sent the same document again.
    const same = plainSha256 !== undefined && copy?.facts.plainSha256 === plainSha256 && copy;
    const bytes = body.length;
    const isKept = mayKeep(headers);
    // The memory that `use` gets may move to a thread: a long document is packed before, any other one is copied.
    const packing = isLong && isKept ? await cache.pack(body) : undefined;
    const given = isLong || !isKept ? body : Buffer.from(body);
    const id = same ? same.facts.id : undefined;
    const document = {
      status: 200,
      headers,
      url,
      id,
      until: untilOf(facts),
      staleness: {},
    } as const;
    const result = await use({ ...document, read: async () => given });
    if (!isKept) await cache.forget(asked);
    else if (same) await cache.confirm(asked, same, facts);
    else {
      const packed = isLong ? packing : await cache.pack(body);
      const written = { ...facts, ...(plainSha256 !== undefined && { plainSha256 }) };
      if (packed !== undefined) await cache.keep(asked, written, { packed, bytes });
    }
    return result;
  }

  /** Undefined if the copy does not pass the checks: it is forgotten. */
  async #tryCopy<Result>(
    cache: DocumentCache,
    asked: RegistryDocumentRequest,
    copy: DocumentCopy,
    use: UseDocument<Result>,
  ): Promise<{ readonly result: Result } | undefined> {
    try {
      return { result: await use(this.#documentOf(cache, asked, copy, {})) };
    } catch (error) {
      if (!isWrongContent(error)) throw error;
      this.#count('broken');
      await cache.forget(asked);
      return undefined;
    }
  }

  #documentOf(
    cache: DocumentCache,
    { address }: RegistryDocumentRequest,
    copy: DocumentCopy,
    staleness: Readonly<Record<string, string>>,
  ): RegistryDocument {
    const { facts } = copy;
    const { headers, id } = facts;
    const read = async (): Promise<Buffer> =>
      cache.unpack(copy).catch((cause: unknown) => {
        throw new GatewayAnswer(502, 'a copy in the cache is damaged', { cause });
      });
    const url = new URL(facts.url, address);
    return { status: 200, headers, url, id, until: untilOf(facts), staleness, read };
  }

  async #copyOf(
    cache: DocumentCache,
    key: DocumentKey,
    { bytesMax, alone }: RegistryDocumentRequest,
  ): Promise<DocumentCopy | undefined> {
    const copy = await cache.find(key, alone);
    return copy === undefined || copy.facts.bytes > bytesMax ? undefined : copy;
  }

  #isFresh(cache: DocumentCache, { about }: RegistryDocumentRequest, copy: DocumentCopy): boolean {
    return cache.isFresh(copy, about === undefined ? undefined : this.#source(about));
  }

  #source(about: string): string {
    return `${this.#parts.upstream.address} ${about}`;
  }

  #count(outcome: string): void {
    this.#parts.metrics.cache.inc({ kind: 'document', outcome });
  }
}

function factsOf({ checkedAt, headers, url }: Fetched): DocumentFacts {
  const kept = plainHeaders(headers, KEPT_HEADERS);
  return { checkedAt, freshFor: freshTime(headers), url: withoutQuery(url), headers: kept };
}

interface Fetched {
  readonly checkedAt: number;
  readonly headers: RegistryAnswer['headers'];
  readonly url: URL;
  readonly body: Buffer;
}
