/*
 * npm's cache. npm checks the content against its hash, and takes the hash from a lockfile if there is one. Without one, it takes the
 * hash from the page of the package, which is in the cache as well, or from the index of the cache. So all of these are compared.
 */
import { lstatSync } from 'node:fs';
import { contentPath } from '../bytes/npm-cache.ts';
import { readArchiveFile } from '../bytes/read.ts';
import { hasIntegrity } from '@tarwarden/host';
import { quote } from '@tarwarden/core/text';
import type { LoadedSettings } from '@tarwarden/settings';
import { requestEntries, type IndexBucket } from './npm-index.ts';
import {
  differing,
  guarded,
  joinedOutcome,
  notCompared,
  SAME,
  wrongKind,
  type ClientStore,
  type StoredItem,
  type StoredOutcome,
} from './stored.ts';

/** Pages that are kept in memory. The entries of one package follow each other. */
const PAGES_MAX = 64;

export function npmStore(cache: string, settings: LoadedSettings): ClientStore {
  const pages = new Map<string, unknown>();
  const versionsIn = (path: string, integrity: string): unknown => {
    if (!pages.has(integrity)) {
      const bytes = readArchiveFile(path);
      pages.set(integrity, bytes && hasIntegrity(bytes, integrity) ? versionsOf(bytes) : undefined);
      if (pages.size > PAGES_MAX) pages.delete(pages.keys().next().value!);
    }
    return pages.get(integrity);
  };
  return {
    itemsFor(task) {
      const [{ locked, kind }] = task;
      const { name, version, source, integrity } = locked;
      if (source.type !== 'registry' && source.type !== 'url') return [];
      const sri = integrity?.type === 'sri' ? integrity.value : undefined;
      const registries = settings.registriesFor(kind);
      const items = contentItems(cache, sri);
      const url =
        source.type === 'url' ? source.url : registries.addressOf(name, version, source.url);
      if (url !== undefined) items.push(...requestItems(cache, url, sri));
      if (source.type !== 'registry') return items;
      const registry = registries.registryOf(name).replace(/\/?$/, '/');
      const page = `${registry}${name.replace('/', '%2f')}`;
      const compare = ({ path, entries }: IndexBucket): StoredOutcome =>
        joinedOutcome(
          entries.map((entry) => {
            const at = contentPath(cache, entry.integrity);
            if (lstatSync(at, { throwIfNoEntry: false }) === undefined) return SAME;
            const versions = versionsIn(at, entry.integrity);
            // npm fetches a page anew if its content does not have the hash of the index.
            if (versions === undefined)
              return differing(at, 'does not have the hash under which npm’s cache keeps it');
            return comparePage({ path, version, sri }, versions);
          }),
        );
      return [...items, ...bucketItems(cache, page, compare)];
    },
  };
}

function contentItems(cache: string, sri: string | undefined): StoredItem[] {
  return (sri?.split(' ') ?? []).flatMap((hash) => {
    const path = contentPath(cache, hash);
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return [];
    const compare = (): StoredOutcome => {
      const wrong = wrongKind(path, 'file', 'npm');
      if (wrong !== undefined) return wrong;
      const bytes = readArchiveFile(path);
      return bytes !== undefined && hasIntegrity(bytes, hash)
        ? SAME
        : differing(path, `does not have the hash of the lockfile (${hash})`);
    };
    return [{ path, compare }];
  });
}

function requestItems(cache: string, url: string, sri: string | undefined): StoredItem[] {
  return bucketItems(cache, url, ({ path, entries }) => {
    if (sri === undefined) return notCompared(path, NO_HASH);
    const other = entries.find(({ integrity }) => contradicts(integrity, sri));
    return other === undefined
      ? SAME
      : differing(
          path,
          `says that the archive has the hash ${quote(other.integrity)}, and the lockfile has ${sri}`,
        );
  });
}

const NO_HASH = 'the lockfile has no hash for the package';

function bucketItems(
  cache: string,
  url: string,
  compare: (bucket: IndexBucket) => StoredOutcome,
): StoredItem[] {
  let path = cache;
  try {
    const bucket = requestEntries(cache, url);
    if (bucket === undefined) return [];
    path = bucket.path;
    return [{ path, compare: () => guarded(path, () => compare(bucket)) }];
  } catch {
    const why = 'npm’s index has a file for it that cannot be read, or is a link';
    return [{ path, compare: () => notCompared(path, why) }];
  }
}

function versionsOf(page: Buffer): unknown {
  try {
    return (JSON.parse(page.toString('utf8')) as { versions?: unknown } | null)?.versions ?? {};
  } catch {
    return {};
  }
}

function comparePage(
  { path, version, sri }: { path: string; version: string; sri: string | undefined },
  versions: unknown,
): StoredOutcome {
  const all = versions as Record<string, { dist?: { integrity?: unknown; shasum?: unknown } }>;
  const dist = Object.hasOwn(all, version) ? all[version]?.dist : undefined;
  if (dist === undefined) return SAME;
  if (sri === undefined) return notCompared(path, NO_HASH);
  const { integrity, shasum } = dist;
  const listed = [
    ...(typeof integrity === 'string' ? integrity.split(/\s+/) : []),
    ...(typeof shasum === 'string'
      ? [`sha1-${Buffer.from(shasum, 'hex').toString('base64')}`]
      : []),
  ].filter((hash) => hash !== '');
  if (contradicts(listed.join(' '), sri))
    return differing(
      path,
      `keeps a page of the registry with the hash ${quote(listed[0] ?? '')} for this version, and the lockfile has ${sri}`,
    );
  return listed.some((hash) => sri.split(' ').includes(hash)) ? SAME : notCompared(path, NO_LISTED);
}

const NO_LISTED = 'npm’s cached page of the package has no hash of the kind that the lockfile has';

/** Whether two integrities have hashes of one algorithm, and none of these is equal. */
function contradicts(found: string, pinned: string): boolean {
  const own = found.split(/\s+/).filter((hash) => hash !== '');
  const wanted = pinned.split(' ');
  return own.some((hash) => {
    const start = hash.slice(0, hash.indexOf('-') + 1);
    const same = wanted.filter((other) => other.startsWith(start));
    return same.length > 0 && !same.includes(hash.replace(/\?.*$/s, ''));
  });
}
