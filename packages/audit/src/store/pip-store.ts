/*
 * pip's cache. pip compares a file of the http cache with the hash of the lockfile. It does not do so for a wheel that it built of an
 * sdist: the note beside the wheel says which sdist that was, and pip believes it.
 */
import { basename, dirname, join } from 'node:path';
import type { Limits } from '@tarwarden/core/limits';
import { parseWheelFileName } from '@tarwarden/core/metadata';
import { quote } from '@tarwarden/core/text';
import { unpackedFiles, type UnpackedFiles } from '@tarwarden/core/trees';
import { readBounded, realAsFar } from '@tarwarden/host';
import type { LockedPackage } from '@tarwarden/lockfiles';
import { readArchiveFile } from '../bytes/read.ts';
import { namesIn } from '../cache/folder-entries.ts';
import { listedPaths } from '../compare/differences.ts';
import { hasAll } from '../ecosystems/download.ts';
import { indexesFor } from '../ecosystems/pypi/indexes.ts';
import { PipCache } from '../ecosystems/pypi/pip-cache.ts';
import type { PipConfig } from '../ecosystems/pypi/pip-config.ts';
import {
  filesOnPage,
  isOfVersion,
  normalisedName,
  type PypiIndexFile,
} from '../ecosystems/pypi/simple-index.ts';
import type { LockfileEntry } from '../plan.ts';
import {
  differing,
  guarded,
  notCompared,
  SAME,
  wrongKind,
  type ClientStore,
  type StoredItem,
  type StoredOutcome,
} from './stored.ts';

/** Bytes of the note beside a wheel. */
const ORIGIN_BYTES_MAX = 64 * 1024;

export interface PipStoreOptions {
  readonly config: PipConfig;
  readonly limits: Limits;
}

export function pipStore(folder: string, { config, limits }: PipStoreOptions): ClientStore {
  const cache = new PipCache(folder);
  let wheels: readonly string[] | undefined;
  return {
    itemsFor(task) {
      const [entry] = task;
      const { locked } = entry;
      if (locked.ecosystem !== 'pypi') return [];
      wheels ??= wheelsIn(join(folder, 'wheels'));
      const own = wheels.filter((path) => isWheelOf(basename(path), locked));
      return [
        ...answerItems(cache, entry, config),
        ...own.map((path) => ({
          path,
          compare: () => guarded(path, () => compareBuilt(path, { cache, locked, limits })),
        })),
      ];
    },
  };
}

/** Folders between `wheels` and a wheel. */
const WHEEL_DEPTH = 4;

/** pip follows links on the way to a wheel, so these count as folders. Each folder is listed once at each depth. */
function wheelsIn(folder: string): string[] {
  const wheels: string[] = [];
  let folders = [folder];
  for (let depth = 0; depth <= WHEEL_DEPTH; depth += 1) {
    const paths = folders.flatMap((at) => namesIn(at).map((name) => join(at, name)));
    wheels.push(...paths.filter((path) => path.endsWith('.whl')));
    folders = [...new Map(paths.map((path) => [realAsFar(path), path])).values()];
  }
  return wheels;
}

function isWheelOf(fileName: string, { name, version }: LockedPackage): boolean {
  if (version !== '') return isOfVersion(fileName, { name, version });
  return normalisedName(parseWheelFileName(fileName)?.name ?? '') === normalisedName(name);
}

/** The answers from which pip would take the files of this version. */
function answerItems(cache: PipCache, entry: LockfileEntry, config: PipConfig): StoredItem[] {
  const { integrity } = entry.locked;
  const sri = integrity?.type === 'sri' ? integrity.value : undefined;
  return addressesOf(cache, entry, config).flatMap(({ url, hashes }) =>
    cache.answersTo(url).map(({ path, body }) => ({
      path,
      compare: (): StoredOutcome => {
        const answer = `has the answer to ${quote(url)}`;
        if (body === undefined) return differing(path, `${answer}, and cannot be read`);
        if (sri === undefined) return notCompared(path, 'the lockfile has no hash for it');
        if (hasAny(body, sri) || hasAny(body, hashes.join(' '))) return SAME;
        return differing(path, `${answer}, and does not have a hash of the lockfile`);
      },
    })),
  );
}

type Address = Pick<PypiIndexFile, 'url' | 'hashes'>;

function addressesOf(cache: PipCache, entry: LockfileEntry, config: PipConfig): Address[] {
  const { source, name, version } = entry.locked;
  if (source.type === 'url' || (source.type === 'registry' && source.url !== undefined))
    return URL.canParse(source.url!) ? [{ url: source.url!, hashes: [] }] : [];
  if (source.type !== 'registry') return [];
  const indexes = indexesFor(entry.indexes ?? [], config);
  if ('error' in indexes) return [];
  return indexes.urls.flatMap((index) => {
    const url = `${index.replace(/\/*$/, '')}/${normalisedName(name)}/`;
    return cache.answersTo(url).flatMap(({ body, type }) => {
      try {
        const files = body === undefined ? [] : filesOnPage(body, { type, url: new URL(url) });
        return files.filter(({ fileName }) => isOfVersion(fileName, { name, version }));
      } catch {
        return [];
      }
    });
  });
}

function hasAny(bytes: Buffer, sri: string): boolean {
  return sri.split(' ').some((hash) => hash !== '' && hasAll(bytes, hash));
}

interface BuiltWheel {
  readonly cache: PipCache;
  readonly locked: LockedPackage;
  readonly limits: Limits;
}

const BUILT = 'pip built this wheel of an sdist on some machine, and no archive has its files';
const REMEDY =
  'remove it by `pip cache remove`, so that pip builds it again; restore only the folders `http` and `http-v2` of the cache';

/** A built wheel is never clean. But a file that the sdist has with other content was changed after the build, or by it. */
function compareBuilt(path: string, { cache, locked, limits }: BuiltWheel): StoredOutcome {
  const wrong = wrongKind(path, 'file', 'pip');
  if (wrong !== undefined) return wrong;
  const { integrity } = locked;
  const url = originIn(join(dirname(path), 'origin.json'));
  const wheel = readArchiveFile(path);
  if (wheel === undefined || url === undefined || integrity?.type !== 'sri')
    return notCompared(path, BUILT, REMEDY);
  const sdist = cache.answersTo(url).find(({ body }) => body && hasAny(body, integrity.value));
  if (sdist?.body === undefined) return notCompared(path, BUILT, REMEDY);
  // The trees for pnpm have the paths of the archives.
  const built = unpackedFiles(wheel, 'wheel', 'pnpm', limits);
  const source = unpackedFiles(sdist.body, 'sdist', 'pnpm', limits);
  const changed = built && source ? changedIn(built, source) : [];
  return changed.length === 0
    ? notCompared(path, BUILT, REMEDY)
    : differing(
        path,
        `has files with other content than the sdist: changed ${listedPaths(changed)}`,
      );
}

/** Files of a wheel that the sdist has in a folder of any name, and never with this content. */
function changedIn(wheel: UnpackedFiles, sdist: UnpackedFiles): string[] {
  const sources = new Map<string, Set<string>>();
  for (const [path, { sha512 }] of sdist) {
    const parts = path.split('/');
    for (let index = 0; index < parts.length; index += 1) {
      const end = parts.slice(index).join('/');
      (sources.get(end) ?? sources.set(end, new Set()).get(end)!).add(sha512);
    }
  }
  return [...wheel].flatMap(([path, { sha512 }]) => {
    if (/^[^/]*\.(?:dist-info|data)\//.test(path)) return [];
    const known = sources.get(path);
    return known === undefined || known.has(sha512) ? [] : [path];
  });
}

/** The address of the sdist. Undefined if the note does not have it. */
function originIn(path: string): string | undefined {
  try {
    const { bytes } = readBounded(path, { bytesMax: ORIGIN_BYTES_MAX, follow: false });
    const { url } = JSON.parse(bytes?.toString('utf8') ?? '') as { url?: unknown };
    return typeof url === 'string' && URL.canParse(url) ? url : undefined;
  } catch {
    return undefined;
  }
}
