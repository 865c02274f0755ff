/* The zips of go's module cache, which go unpacks without asking anybody: GOMODCACHE/cache/download/<module>/@v/<version>.zip. */
import { readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { unescapePath, type ModuleVersion } from './module-path.ts';

/** Files of a cache that are looked at: some hundred times what a large project needs. */
const MAX_ZIPS = 200_000;
/** Folders of a cache that are looked at. */
const MAX_FOLDERS = 400_000;
/** Components of a module path, with `@v`: go's own limit is far below. */
const MAX_DEPTH = 64;

export interface CachedZip extends ModuleVersion {
  readonly file: string;
  /** Size, times and number of the file: another one has others. */
  readonly stamp: string;
}

/** More than is looked at. */
export class CacheTooLargeError extends Error {
  readonly code = 'MODULE_CACHE_TOO_LARGE';
}

export function downloadFolder(modcache: string): string {
  return join(modcache, 'cache', 'download');
}

/**
 * Every zip that go would find. What cannot be read go cannot read either.
 * @throws CacheTooLargeError past the caps.
 */
export function cachedZips(modcache: string): CachedZip[] {
  const root = downloadFolder(modcache);
  const found: CachedZip[] = [];
  const folders: string[] = [''];
  let seen = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (++seen > MAX_FOLDERS || found.length > MAX_ZIPS)
      throw new CacheTooLargeError(`${root} has more files than are looked at`);
    const isVersions = folder.endsWith('/@v');
    for (const entry of entriesOf(join(root, folder))) {
      const { name } = entry;
      if (isVersions) {
        const zip = name.endsWith('.zip') ? zipOf(root, folder, name) : undefined;
        if (zip !== undefined) found.push(zip);
      } else if (isFolder(entry, join(root, folder)) && folder.split('/').length < MAX_DEPTH) {
        folders.push(folder === '' ? name : `${folder}/${name}`);
      }
    }
  }
  return found;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function isFolder(entry: Dirent, folder: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return statSync(join(folder, entry.name)).isDirectory();
  } catch {
    return false;
  }
}

function zipOf(root: string, folder: string, name: string): CachedZip | undefined {
  const path = unescapePath(folder.slice(0, -'/@v'.length));
  const version = unescapePath(name.slice(0, -'.zip'.length));
  const file = join(root, folder, name);
  const stamp = stampOf(file);
  if (path === undefined || version === undefined || stamp === undefined) return undefined;
  return { path, version, file, stamp };
}

/** Undefined where there is no such file. The time of the last change of the inode is nobody's to set. */
export function stampOf(file: string): string | undefined {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join('-');
  } catch {
    return undefined;
  }
}
