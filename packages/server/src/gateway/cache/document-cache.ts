/*
 * Keeps documents of registries, as the registry sent them. Each reader has copies of its own. A copy is checked again like an answer of the
 * registry whenever it is served.
 */
import { hash, randomUUID } from 'node:crypto';
import { isRecord } from '@tarwarden/core/metadata';
import { Remembered } from '../../serving/remembered.ts';
import { readAtMost } from '../../serving/read-at-most.ts';
import { plainHeaders, type RegistryHeaders } from '../answers.ts';
import { jsonValue } from '../json.ts';
import { packed, unpacked } from '../short-gzip.ts';
import { contentOf, type CacheStore } from './cache-store.ts';
import { FRESH_MAX, type DocumentTimes } from './freshness.ts';
import { HotContent } from './hot-content.ts';
import { KeepQueue } from './keep-queue.ts';

/** The most bytes of a packed document. The longest of npmjs has some 12 million. */
const PACKED_MAX = 32 * 1024 * 1024;
/** The most bytes of the facts about a document. */
const FACTS_MAX = 16 * 1024;
/** A packed document of more bytes is read when no other long document is in memory. */
const LONG_PACKED = 1024 * 1024;
/** Milliseconds after which the time of a confirmation is written to the store. Until then, it is in memory. */
const WRITTEN_AGAIN = 10 * 60_000;
const IN_MEMORY = 100_000;
/** The most packages whose last change is remembered. */
const CHANGES_MAX = 10_000;
/** The most bytes of small documents in memory. */
const MEMORY_MAX = 16 * 1024 * 1024;
/** Milliseconds by which the clock of another machine with the same cache may be ahead. */
const AHEAD = 60_000;

/** Headers that are kept: clients and the faces use them. */
export const KEPT_HEADERS = [
  'etag',
  'last-modified',
  'content-type',
  'digest',
  'repr-digest',
] as const;

/** A document at a registry, as a reader gets it. */
export interface DocumentKey {
  /** The address of the registry that the client asks. It may name addresses of other hosts. */
  readonly registry: string;
  /** As `readerOf` names it. */
  readonly reader: string;
  readonly address: string;
  /** The kind of the document, where an address has several. */
  readonly variant: string;
}

/** Facts about a document. */
export interface DocumentFacts extends DocumentTimes {
  /** The address after redirects. */
  readonly url: string;
  /** Headers of the registry's answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the unpacked document. */
  readonly plainSha256?: string;
  /** The digest of an archive, if this is the answer for one: the archive itself is kept by its digest. */
  readonly sha512?: string;
}

interface WrittenFacts extends DocumentFacts {
  /** Different for each new document. */
  readonly id: string;
  /** Bytes of the unpacked document. */
  readonly bytes: number;
  /** SHA-256 of the packed document. */
  readonly sha256: string;
}

export interface DocumentCopy {
  readonly facts: WrittenFacts;
  readonly packed: Buffer;
}

export interface DocumentCacheOptions {
  /** Milliseconds for which a copy may be served after the registry has stopped answering. */
  readonly staleIfError: number;
}

export class DocumentCache {
  readonly #queue: KeepQueue;
  readonly #staleIfError: number;
  readonly #hot = new HotContent(MEMORY_MAX);
  /** Confirmations of copies by the registry, by key. */
  readonly #confirmed = new Remembered<DocumentTimes & { id: string }>(IN_MEMORY);

  /** When packages were changed through this process, by registry and name: several of its registries may have the same address. */
  readonly #changes = new Remembered<number>(CHANGES_MAX);

  constructor(store: CacheStore, { staleIfError }: DocumentCacheOptions) {
    this.#queue = new KeepQueue(store);
    this.#staleIfError = staleIfError;
  }

  /**
   * The copy of a document, however old it is.
   * @param alone Waited for before a long copy is read.
   */
  async find(key: DocumentKey, alone?: () => Promise<void>): Promise<DocumentCopy | undefined> {
    const address = cacheKey(key);
    const hot = this.#inMemory(address);
    // Another process may have a newer copy in the same store.
    if (hot !== undefined && Date.now() - hot.facts.checkedAt < WRITTEN_AGAIN) return hot;
    const content = await this.#stored(address, alone);
    if (content === undefined) return undefined;
    const copy = copyIn(content);
    // A copy in memory was checked before it came there.
    if (copy === undefined || copy.facts.sha256 !== hash('sha256', copy.packed)) {
      await this.#forget(address);
      return undefined;
    }
    this.#hot.delete(address);
    this.#hot.add(address, content);
    return this.#withConfirmation(address, copy);
  }

  #withConfirmation(address: string, copy: DocumentCopy): DocumentCopy {
    const confirmed = this.#confirmed.get(address);
    if (confirmed?.id !== copy.facts.id || confirmed.checkedAt < copy.facts.checkedAt) return copy;
    const { checkedAt, freshFor } = confirmed;
    return { ...copy, facts: { ...copy.facts, checkedAt, freshFor } };
  }

  /** Only as many copies as there are turns for documents are in use, so their memory need not be counted again. */
  #inMemory(address: string): DocumentCopy | undefined {
    const hot = this.#hot.take(address);
    hot?.release();
    const copy = hot && copyIn(hot.content);
    return copy && this.#withConfirmation(address, copy);
  }

  async #stored(address: string, alone?: () => Promise<void>): Promise<Buffer | undefined> {
    const stored = await this.#queue.get(address);
    if (stored === undefined) return undefined;
    const { body, bytes } = stored;
    if (bytes > LONG_PACKED && alone !== undefined)
      await alone().catch((error: unknown) => {
        body.destroy();
        throw error;
      });
    return readAtMost(body, {
      bytesMax: PACKED_MAX + FACTS_MAX,
      tooLong: () => new Error('too long'),
    }).catch(() => undefined);
  }

  /** Whether a copy may be served although the registry does not confirm it. */
  mayBeStale({ facts: { checkedAt } }: DocumentCopy): boolean {
    const age = Date.now() - checkedAt;
    return age >= -AHEAD && age <= this.#staleIfError;
  }

  /** When the registry sent or confirmed a copy; undefined if it may not be served any more. */
  replaces(copy: DocumentCopy | undefined): number | undefined {
    return copy !== undefined && this.mayBeStale(copy) ? copy.facts.checkedAt : undefined;
  }

  /** @param source What it is about, as `changed` names it. */
  isFresh({ facts: { checkedAt, freshFor } }: DocumentCopy, source?: string): boolean {
    const since = source === undefined ? 0 : (this.#changes.get(source) ?? 0);
    const age = Date.now() - checkedAt;
    return age >= 0 && age < Math.min(freshFor, FRESH_MAX) && checkedAt > since;
  }

  /** After this, no copy from before is fresh. */
  changed(source: string): void {
    this.#changes.set(source, Date.now());
  }

  /** The document, packed as the cache keeps it. Undefined if it is too long to be kept. */
  async pack(body: Buffer): Promise<Buffer | undefined> {
    const content = await packed(body);
    return content.length > PACKED_MAX ? undefined : content;
  }

  /** The unpacked document. @throws Error if the copy is damaged. */
  async unpack({ packed: content, facts: { bytes } }: DocumentCopy): Promise<Buffer> {
    const body = await unpacked(content, bytes);
    if (body.length !== bytes) throw new Error('the copy is damaged');
    return body;
  }

  /** Keeps a document that has passed all checks, beside the answer to the client. */
  async keep(key: DocumentKey, facts: DocumentFacts, { packed, bytes }: Packed): Promise<void> {
    const written = { ...facts, id: randomUUID(), bytes, sha256: hash('sha256', packed) };
    await this.#write(cacheKey(key), written, packed);
  }

  /** Remembers that the registry has confirmed a copy. */
  async confirm(
    key: DocumentKey,
    { facts, packed }: DocumentCopy,
    { checkedAt, freshFor }: DocumentTimes,
  ): Promise<void> {
    const address = cacheKey(key);
    this.#confirmed.set(address, { checkedAt, freshFor, id: facts.id });
    // A clock that was ahead has written a time of the future.
    if (Math.abs(checkedAt - facts.checkedAt) < WRITTEN_AGAIN) return;
    await this.#write(address, { ...facts, checkedAt, freshFor }, packed);
  }

  async forget(key: DocumentKey): Promise<void> {
    const address = cacheKey(key);
    this.#confirmed.delete(address);
    await this.#forget(address);
  }

  async #forget(address: string): Promise<void> {
    this.#hot.delete(address);
    await this.#queue.forget(address);
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  async #write(address: string, facts: WrittenFacts, packed: Buffer): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(facts)}\n`);
    if (line.length > FACTS_MAX) return;
    const content = Buffer.concat([line, packed]);
    this.#hot.delete(address);
    this.#hot.add(address, content);
    await this.#queue.keep(address, content.length, () => contentOf(content));
  }
}

interface Packed {
  readonly packed: Buffer;
  /** Bytes of the unpacked document. */
  readonly bytes: number;
}

/** Undefined if the content cannot be read. */
function copyIn(content: Buffer): DocumentCopy | undefined {
  const end = content.subarray(0, FACTS_MAX).indexOf(0x0a);
  if (end < 0) return undefined;
  const facts = factsIn(content.subarray(0, end));
  return facts && { facts, packed: content.subarray(end + 1) };
}

function factsIn(line: Buffer): WrittenFacts | undefined {
  const facts = jsonValue(line);
  if (!isRecord(facts)) return undefined;
  const { checkedAt, freshFor, bytes, url, id, sha256, headers, sha512 = '' } = facts;
  const isWhole =
    [checkedAt, freshFor, bytes].every((value) => Number.isSafeInteger(value)) &&
    [url, id, sha256, sha512].every((value) => typeof value === 'string') &&
    URL.canParse(url as string) &&
    isRecord(headers);
  if (!isWhole) return undefined;
  // Somebody else may have written them.
  const plain = plainHeaders(headers as RegistryHeaders, KEPT_HEADERS);
  return { ...(facts as unknown as WrittenFacts), headers: plain };
}

function cacheKey({ registry, reader, address, variant }: DocumentKey): string {
  return hash('sha256', JSON.stringify(['document', registry, reader, address, variant]));
}
