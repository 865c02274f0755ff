/*
 * Gets the bytes of archives for the gate: from the cache if it has them, otherwise from the registry. Bytes of either source are hashed on
 * their way into the spool, and the gate trusts neither.
 */
import { addAbortSignal } from 'node:stream';
import { dropBody } from '@tarwarden/guard';
import {
  isWrongContent,
  passedStatus,
  plainHeaders,
  takesAway,
  UnreachableRegistry,
} from '../answers.ts';
import type { Metrics } from '../metrics.ts';
import type { Spool, Spooled, TakeOptions } from '../spool.ts';
import { withoutQuery } from '../upstream-answer.ts';
import type { ArchiveIdentity, Opened, WantedArchive } from '../wanted.ts';
import { within } from '../time-limit.ts';
import { answerBegins } from './answer-begins.ts';
import { promisedDigest, type ArchiveCache, type ArchiveDigest } from './archive-cache.ts';
import type { DocumentCache, DocumentCopy, DocumentKey } from './document-cache.ts';
import { conditionsOf, keysInstead } from './document-request.ts';
import { freshTime, mayKeep } from './freshness.ts';

export interface CacheParts {
  readonly archives: ArchiveCache;
  readonly documents: DocumentCache;
}

export interface ArchiveSourceParts {
  readonly spool: Spool;
  readonly metrics: Metrics;
  readonly cache: CacheParts | undefined;
  /** Called when the cache has other bytes than it was given. */
  readonly onDamaged: (identity: ArchiveIdentity) => void;
}

export interface TakenArchive {
  readonly spooled: Spooled;
  /** Keeps the archive. Called after it was accepted. */
  readonly keep: () => Promise<void>;
}

export interface ArchiveSourceOptions {
  readonly signal: AbortSignal;
  /** Called before the registry is asked. It may throw. */
  readonly check: () => void;
}

/** A question to the registry about an archive whose digest no document promises. */
interface Asking {
  readonly key: DocumentKey;
  /** The copy of the registry's answer before. */
  readonly copy: DocumentCopy | undefined;
  readonly signal: AbortSignal;
  readonly abort: () => void;
  readonly gone: AbortSignal;
}

/** Milliseconds for a whole archive. */
const TAKEN_WITHIN = 10 * 60_000;
/** The source of an archive whose digest no document promises. */
const SOURCE = 'archive';
const VALIDATORS = ['etag', 'last-modified'] as const;

export class ArchiveSource {
  readonly #parts: ArchiveSourceParts;

  constructor(parts: ArchiveSourceParts) {
    this.#parts = parts;
  }

  /** @throws GatewayAnswer if there are no bytes. */
  async take(wanted: WantedArchive, options: ArchiveSourceOptions): Promise<TakenArchive> {
    const { cache } = this.#parts;
    const { signal, check } = options;
    const digest = promisedDigest(wanted.promised);
    if (cache !== undefined && digest === undefined)
      return this.#unpromised(cache, wanted, options);
    const cached = digest && (await this.#cached(wanted, digest, signal));
    if (cached) return cached;
    check();
    const spooled = await this.#spool(wanted, await wanted.open(signal));
    const keep = async (): Promise<void> => digest && this.#keep(wanted, spooled, digest);
    return { spooled, keep };
  }

  /**
   * An archive whose digest no document promises: a module of go, or a gem. The registry says whether the bytes are still the ones that it
   * sent to this reader before.
   */
  async #unpromised(
    cache: CacheParts,
    wanted: WantedArchive,
    { signal, check }: ArchiveSourceOptions,
  ): Promise<TakenArchive> {
    const { documents } = cache;
    const key = sourceOf(wanted);
    const copy = await documents.find(key);
    if (copy !== undefined && documents.isFresh(copy)) {
      const cached = await this.#copied(copy, wanted, signal);
      if (cached !== undefined) return cached;
    }
    check();
    try {
      return await within(
        TAKEN_WITHIN,
        async (own, abort) =>
          this.#asked(cache, wanted, { key, copy, signal: own, abort, gone: signal }),
        signal,
      );
    } catch (error) {
      if (takesAway(error)) await documents.forget(key);
      if (!(error instanceof UnreachableRegistry) || signal.aborted) throw error;
      const instead = await this.#instead(documents, wanted, signal);
      if (instead !== undefined) return instead;
      // The cache has lost the bytes, so the next request must wait for the registry.
      if (copy !== undefined && documents.mayBeStale(copy)) await documents.forget(key);
      throw error;
    }
  }

  async #asked(cache: CacheParts, wanted: WantedArchive, asking: Asking): Promise<TakenArchive> {
    const { documents } = cache;
    const { key, copy, signal } = asking;
    const checkedAt = Date.now();
    const answer = await answerBegins(async () => wanted.open(signal, conditionsOf(copy)), {
      ...asking,
      registry: wanted.registry,
      url: new URL(wanted.location),
      checkedAt: () => documents.replaces(copy),
    });
    const { statusCode, headers, body } = answer;
    const freshFor = freshTime(headers);
    if (statusCode === 304 && copy !== undefined) {
      dropBody(body);
      await documents.confirm(key, copy, { checkedAt, freshFor });
      const cached = await this.#copied(copy, wanted, signal);
      return cached ?? this.#asked(cache, wanted, { ...asking, copy: undefined });
    }
    if (statusCode >= 500) {
      dropBody(body);
      throw new UnreachableRegistry(`the registry answers ${statusCode} for this archive`);
    }
    const spooled = await this.#spool(wanted, answer);
    const { sha512 } = spooled;
    const keep = async (): Promise<void> => {
      if (!mayKeep(headers)) return documents.forget(key);
      await this.#keep(wanted, spooled, { algorithm: 'sha512', hex: sha512 });
      const kept = plainHeaders(headers, VALIDATORS);
      const facts = {
        checkedAt,
        freshFor,
        url: withoutQuery(wanted.location),
        headers: kept,
        sha512,
      };
      await documents.keep(key, facts, { packed: Buffer.alloc(0), bytes: 0 });
    };
    return { spooled, keep };
  }

  /** The bytes that this reader, or a reader without credentials, got before. */
  async #instead(
    documents: DocumentCache,
    wanted: WantedArchive,
    signal: AbortSignal,
  ): Promise<TakenArchive | undefined> {
    for (const key of keysInstead(sourceOf(wanted))) {
      const copy = await documents.find(key);
      if (copy === undefined || !documents.mayBeStale(copy)) continue;
      const cached = await this.#copied(copy, wanted, signal);
      if (cached !== undefined) return cached;
    }
    return undefined;
  }

  async #copied(
    { facts: { sha512 } }: DocumentCopy,
    wanted: WantedArchive,
    signal: AbortSignal,
  ): Promise<TakenArchive | undefined> {
    if (sha512 === undefined) return undefined;
    return this.#cached(wanted, { algorithm: 'sha512', hex: sha512 }, signal);
  }

  /** Undefined if the cache does not have the archive, or other bytes in its place. */
  async #cached(
    wanted: WantedArchive,
    digest: ArchiveDigest,
    signal: AbortSignal,
  ): Promise<TakenArchive | undefined> {
    const { cache, spool, onDamaged } = this.#parts;
    if (cache === undefined) return undefined;
    const { location, identity } = wanted;
    const archive = { registry: wanted.registry.address, location, identity, digest };
    const stored = await cache.archives.open(archive);
    if (stored === undefined) return this.#count('miss');
    let spooled: Spooled;
    try {
      const body = addAbortSignal(signal, stored.body);
      spooled = await spool.take(body, takeOptions(wanted, stored.bytes));
    } catch (error) {
      // A refusal is about a file that is longer than any archive.
      if (signal.aborted || !isWrongContent(error)) throw error;
      return this.#count('broken');
    }
    if (spooled[digest.algorithm] === digest.hex) {
      this.#count('hit');
      const keep = async (): Promise<void> => {
        if (typeof spooled.at !== 'string') cache.archives.warm(archive, spooled.at);
      };
      return { spooled: { ...spooled, isCopy: true }, keep };
    }
    await spool.drop(spooled);
    await cache.archives.forget(archive);
    onDamaged(identity);
    return this.#count('broken');
  }

  async #keep(
    { registry, location, identity }: WantedArchive,
    { at, bytes }: Spooled,
    digest: ArchiveDigest,
  ): Promise<void> {
    const archive = { registry: registry.address, location, identity, digest };
    await this.#parts.cache?.archives.keep(archive, at, bytes);
  }

  async #spool(wanted: WantedArchive, { statusCode, headers, body }: Opened): Promise<Spooled> {
    if (statusCode !== 200) {
      dropBody(body);
      throw passedStatus(statusCode, headers);
    }
    const { 'content-length': length } = headers;
    const announced = typeof length === 'string' ? Number(length) : undefined;
    return this.#parts.spool.take(body, takeOptions(wanted, announced));
  }

  #count(outcome: string): undefined {
    this.#parts.metrics.cache.inc({ kind: 'archive', outcome });
  }
}

function takeOptions(
  { promised, bytesMax, client }: WantedArchive,
  announced: number | undefined,
): TakeOptions {
  return { announced, sha256: promised.sha256 !== undefined, bytesMax, client };
}

function sourceOf({ registry, reader, location }: WantedArchive): DocumentKey {
  return { registry: registry.address, reader, address: location, variant: SOURCE };
}
