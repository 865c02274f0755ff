/*
 * Keeps accepted archives. The cache is one more source of bytes for the gate, and nothing else: the gate hashes what comes from here as
 * it hashes a download, and the verdict decides.
 */
import { hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { contentOf, type CacheStore, type NewContent, type StoredContent } from './cache-store.ts';
import { HotContent, type HeldContent } from './hot-content.ts';
import { KeepQueue } from './keep-queue.ts';
import type { ArchiveIdentity, Promised } from '../wanted.ts';

/**
 * An archive in the cache. Its registry, its address and its identity belong to it: with the digest alone, a user who may publish could
 * write the digest of another user's private archive into the document of an own package, here or at another registry, and would get its
 * bytes.
 */
export interface CachedArchive {
  /** The address of the registry whose document names the archive. */
  readonly registry: string;
  /** The address at the registry. */
  readonly location: string;
  readonly identity: ArchiveIdentity;
  /** The digest that the bytes must have. */
  readonly digest: ArchiveDigest;
}

export interface ArchiveDigest {
  readonly algorithm: 'sha512' | 'sha256';
  /** Lower-case digits. */
  readonly hex: string;
}

/** The digest that a document promises. Undefined if it promises none. */
export function promisedDigest({ sha512, sha256 }: Promised): ArchiveDigest | undefined {
  if (sha512 !== undefined) return { algorithm: 'sha512', hex: sha512 };
  return sha256 === undefined ? undefined : { algorithm: 'sha256', hex: sha256 };
}

/** The most bytes of small archives in memory. */
const MEMORY_MAX = 64 * 1024 * 1024;

export class ArchiveCache {
  readonly #queue: KeepQueue;
  readonly #hot: HotContent;

  constructor(store: CacheStore, hot: HotContent = new HotContent(MEMORY_MAX)) {
    this.#queue = new KeepQueue(store);
    this.#hot = hot;
  }

  /** The bytes of an archive, if they are in memory. They were hashed and accepted before. */
  hot(archive: CachedArchive): HeldContent | undefined {
    return this.#hot.take(cacheKey(archive));
  }

  /** Bytes that have to be hashed. */
  async open(archive: CachedArchive): Promise<StoredContent | undefined> {
    const key = cacheKey(archive);
    // An archive that has just been accepted may not be in the store yet.
    const hot = this.#hot.take(key);
    if (hot === undefined) return this.#queue.get(key);
    const body = Readable.from([hot.content]).once('close', hot.release);
    return { bytes: hot.content.length, body };
  }

  /** Remembers bytes in memory. */
  warm(archive: CachedArchive, content: Buffer): void {
    this.#hot.add(cacheKey(archive), content);
  }

  /**
   * Keeps an accepted archive.
   * @param at Its bytes, or the path of their file, which may be removed after the call.
   */
  async keep(archive: CachedArchive, at: Buffer | string, bytes: number): Promise<void> {
    if (typeof at !== 'string') this.warm(archive, at);
    const key = cacheKey(archive);
    const content = (): Promise<NewContent> | NewContent =>
      typeof at === 'string' ? openedFile(at, bytes) : contentOf(at);
    await this.#queue.keep(key, typeof at === 'string' ? 'file' : bytes, content);
  }

  async forget(archive: CachedArchive): Promise<void> {
    const key = cacheKey(archive);
    this.#hot.delete(key);
    await this.#queue.forget(key);
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}

/** An open file can be read after it was removed from its folder. */
async function openedFile(path: string, bytes: number): Promise<NewContent> {
  const file = await open(path);
  return { bytes, read: () => file.createReadStream() };
}

function cacheKey({ registry, location, identity, digest }: CachedArchive): string {
  const { format, name = null, version = null, fileName = null } = identity;
  const { algorithm, hex } = digest;
  const parts = ['archive', registry, location, format, name, version, fileName, algorithm, hex];
  return hash('sha256', JSON.stringify(parts));
}
