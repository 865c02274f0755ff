/* The zips of go's module cache, which go unpacks without asking the guard: GOMODCACHE/cache/download/<module>/@v/<version>.zip. */
import { lstatSync, readdirSync, type Dirent, type Stats } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '@tarwarden/host';
import { downloadFolder, escapePath, unescapePath, type ModuleVersion } from '@tarwarden/host/go';

/** The most files of a cache that are read: some hundred times as many as a large project needs. */
const MAX_ZIPS = 200_000;
const MAX_FOLDERS = 400_000;
/** The most characters of a path below the cache. Neither go nor we can open longer ones. */
const MAX_PATH_CHARS = 4096;

export interface CachedZip extends ModuleVersion {
  readonly file: string;
  /** Size, times and inode number of the file. They change with the file. */
  readonly stamp: string;
  /** Whether it is a regular file. go would also open a link or a fifo, whose content may change. */
  readonly isRegular: boolean;
}

/** Files and folders above all modules. go opens the folders, and creates the file if it is missing. */
const TOPS: readonly string[] = ['cache', 'cache/download', 'cache/lock'];

/** The cache cannot be checked completely, so it is unknown what go would find there. */
export class ModuleCacheError extends Error {
  readonly code = 'MODULE_CACHE_NOT_INSPECTED';
}

/**
 * Every zip that go would find.
 * @throws ModuleCacheError if there are too many files; for a folder that cannot be listed, because go can still open a file in it by
 * name; and for a link, because it may lead go elsewhere, and go writes through a link in place of a `.partial` or `.ziphash`. A hard
 * link in place of these two is refused as well.
 */
export function cachedZips(modcache: string): CachedZip[] {
  const root = downloadFolder(modcache);
  for (const top of TOPS.map((name) => join(modcache, name)))
    if (isLink(top)) throw notLooked(top, LINK, undefined);
  const found: CachedZip[] = [];
  const folders: string[] = [''];
  let seen = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (++seen > MAX_FOLDERS || found.length > MAX_ZIPS)
      throw new ModuleCacheError(`${root} has more files than are looked at`);
    if (folder.length > MAX_PATH_CHARS)
      throw new ModuleCacheError(`${root} has folders in folders deeper than is looked at`);
    const isVersions = folder.endsWith('/@v');
    const entries = entriesOf(join(root, folder));
    if (isVersions) checkWritten(join(root, folder), entries);
    for (const entry of entries) {
      const { name } = entry;
      if (isVersions && name.endsWith('.zip')) {
        const zip = zipOf(root, folder, name);
        if (zip !== undefined) found.push(zip);
      } else if (entry.isSymbolicLink()) {
        throw notLooked(join(root, folder, name), LINK, undefined);
      } else if (!isVersions && entry.isDirectory()) {
        folders.push(folder === '' ? name : `${folder}/${name}`);
      }
    }
  }
  return found;
}

const LINK = 'is a link; go makes none there. Remove it';

/**
 * go empties a `.partial` when it unpacks, and a `.ziphash` when it has fetched the zip. It replaces or only reads all other files, so
 * they may be hard links to a copy of the cache.
 * @throws ModuleCacheError if a file that go empties has a second name.
 */
function checkWritten(folder: string, entries: readonly Dirent[]): void {
  const names = new Set(entries.map(({ name }) => name));
  for (const name of names) {
    const isWritten =
      name.endsWith('.partial') ||
      (name.endsWith('.ziphash') && !names.has(name.replace(/hash$/, '')));
    if (!isWritten) continue;
    const file = join(folder, name);
    if ((statOf(file)?.nlink ?? 0) > 1)
      throw notLooked(file, 'is a hard link, and go would write over it. Remove it', undefined);
  }
}

/**
 * Makes sure that go unpacks modules below its cache. If there is a link in place of a module's folder, go follows it and writes
 * somewhere else, where the files may do harm.
 */
export class UnpackPlaces {
  readonly #modcache: string;
  readonly #looked = new Set<string>();

  constructor(modcache: string) {
    this.#modcache = modcache;
  }

  /** @throws ModuleCacheError if the module's folder or a folder above it is a link. */
  check({ path, version }: ModuleVersion): void {
    let folder = this.#modcache;
    for (const part of `${escapePath(path)}@${escapePath(version)}`.split('/')) {
      folder = join(folder, part);
      if (this.#looked.has(folder)) continue;
      if (isLink(folder))
        throw notLooked(
          folder,
          'is a link; go would unpack modules elsewhere. Remove it',
          undefined,
        );
      this.#looked.add(folder);
    }
  }
}

function isLink(file: string): boolean {
  return statOf(file)?.isSymbolicLink() === true;
}

function statOf(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch (error) {
    throw notLooked(file, 'cannot be looked at', error);
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw notLooked(folder, 'cannot be listed', error);
  }
}

function notLooked(file: string, what: string, cause: unknown): ModuleCacheError {
  const why = cause === undefined ? '' : ` (${(cause as Error).message})`;
  return new ModuleCacheError(`${file} of the module cache ${what}${why}`, { cause });
}

function zipOf(root: string, folder: string, name: string): CachedZip | undefined {
  const path = unescapePath(folder.slice(0, -'/@v'.length));
  const version = unescapePath(name.slice(0, -'.zip'.length));
  const file = join(root, folder, name);
  const found = lookAt(file);
  if (path === undefined || version === undefined || found === undefined) return undefined;
  return { path, version, file, ...found };
}

/** A text that changes with each change of a file, because no program can set its ctime. Undefined if there is no such file. */
function lookAt(file: string): Pick<CachedZip, 'stamp' | 'isRegular'> | undefined {
  try {
    const stat = lstatSync(file, { bigint: true });
    const { dev, ino, size, mtimeNs, ctimeNs } = stat;
    return { stamp: [dev, ino, size, mtimeNs, ctimeNs].join('-'), isRegular: stat.isFile() };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw notLooked(file, 'cannot be looked at', error);
  }
}

export function stampOf(file: string): string | undefined {
  return lookAt(file)?.stamp;
}
