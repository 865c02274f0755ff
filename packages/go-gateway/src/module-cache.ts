/* The zips of go's module cache, which go unpacks without asking the guard: GOMODCACHE/cache/download/<module>/@v/<version>.zip. */
import { lstatSync, readdirSync, type Dirent, type Stats } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '@tarwarden/host';
import { downloadFolder, escapePath, unescapePath, type ModuleVersion } from '@tarwarden/host/go';

/** Files of a cache that are looked at: some hundred times what a large project needs. */
const MAX_ZIPS = 200_000;
const MAX_FOLDERS = 400_000;
/** Characters of a path below the cache: go cannot open longer ones, and nor can we. */
const MAX_PATH_CHARS = 4096;

export interface CachedZip extends ModuleVersion {
  readonly file: string;
  /** Size, times and number of the file: another one has others. */
  readonly stamp: string;
  /** Not a link, a fifo or anything else that go would open and we cannot answer for. */
  readonly isRegular: boolean;
}

/** Above all modules: go goes through the folders, and makes the file where it is missing. */
const TOPS: readonly string[] = ['cache', 'cache/download', 'cache/lock'];

/** The cache cannot be looked at completely, so that what go would find there is not known. */
export class ModuleCacheError extends Error {
  readonly code = 'MODULE_CACHE_NOT_INSPECTED';
}

/**
 * Every zip that go would find.
 * @throws ModuleCacheError past the caps, for a folder that cannot be listed (go opens a file in it by name), and for a
 * link: one to a folder may lead go elsewhere than us, and through one instead of a `.partial` or a `.ziphash` it writes.
 * Of these two that holds for hard links as well.
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
 * go empties a `.partial` when it unpacks, and a `.ziphash` when it has fetched the zip. Any other file of its own it may share
 * with a copy of the cache: that it replaces, or only reads.
 * @throws ModuleCacheError where one of these is another file too.
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
 * Whether go unpacks modules below its cache: it follows a link in the place of one of their folders, and then writes
 * elsewhere what is safe only there.
 */
export class UnpackPlaces {
  readonly #modcache: string;
  readonly #looked = new Set<string>();

  constructor(modcache: string) {
    this.#modcache = modcache;
  }

  /** @throws ModuleCacheError where a folder on the way, or the module's own, is a link. */
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
