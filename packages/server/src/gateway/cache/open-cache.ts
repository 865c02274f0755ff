/* Opens the gateway's cache: of archives that were accepted, and of documents that were served. Several gateways may share it. */
import { ArchiveCache } from './archive-cache.ts';
import { bucketAt, withoutCredentials } from './bucket.ts';
import { CacheAddressError, SteadyStore, type CacheStore } from './cache-store.ts';
import { DocumentCache } from './document-cache.ts';
import { FolderStore } from './folder-store.ts';
import { S3Store } from './s3-store.ts';

/** The most bytes of a cache in a folder, unless the user says another number. */
export const CACHE_BYTES: number = 10 * 1024 ** 3;
/** Milliseconds for which a document is served after the registry has stopped answering, unless the user says another number. */
export const STALE_IF_ERROR: number = 24 * 60 * 60_000;

export interface OpenCacheOptions {
  /** A folder, or `s3+https://HOST/BUCKET`. */
  readonly storage: string;
  /** The most bytes of a folder. A bucket has a lifecycle rule of its own. */
  readonly bytes?: number | undefined;
  /** Milliseconds. */
  readonly staleIfError?: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called when the cache fails. The gateway goes on without it. */
  readonly onError: (error: unknown) => void;
}

export interface GatewayCache {
  readonly archives: ArchiveCache;
  readonly documents: DocumentCache;
  readonly label: string;
  /** Waits until accepted content is kept. */
  close(): Promise<void>;
}

/** @throws CacheAddressError */
export function openCache(options: OpenCacheOptions): GatewayCache {
  const { onError, staleIfError = STALE_IF_ERROR } = options;
  const store = new SteadyStore(storeAt(options), { onError });
  const archives = new ArchiveCache(store);
  const documents = new DocumentCache(store, { staleIfError });
  return {
    archives,
    documents,
    label: store.label,
    async close() {
      await Promise.all([archives.close(), documents.close()]);
      await store.close();
    },
  };
}

function storeAt({ storage, bytes, env, onError }: OpenCacheOptions): CacheStore {
  const scheme = /^([a-z0-9+]{2,}):/i.exec(storage)?.[1]?.toLowerCase();
  switch (scheme) {
    case undefined:
    case 'file': {
      const folder = scheme === undefined ? storage : storage.slice('file:'.length);
      return new FolderStore({ folder, bytesMax: bytes ?? CACHE_BYTES, onError });
    }
    case 's3+https':
    case 's3+http':
      if (bytes !== undefined)
        throw new CacheAddressError(
          'the size of a cache in S3 is not limited here: give the bucket a lifecycle rule',
        );
      return new S3Store(bucketAt(storage, env), withoutCredentials(storage));
    default:
      throw new CacheAddressError(
        `${scheme}: is not a known cache: give a folder or s3+https://HOST/BUCKET`,
      );
  }
}
