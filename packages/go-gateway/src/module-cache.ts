/*
 * go unpacks a zip of its module cache without asking the guard. So the guard inspects every zip before the run, and new zips after it:
 * GOMODCACHE/cache/download/<module>/@v/<version>.zip.
 */
import { lstatSync, readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { PackageRefusal } from '@tarwarden/guard/kit';
import { integrityOf, isMissing } from '@tarwarden/guard';
import {
  downloadFolder,
  readRegularFile,
  unescapePath,
  type ModuleVersion,
} from '@tarwarden/guard/go';
import type { ZipGuard } from './zip-guard.ts';

/** The most files of a cache that are read: some hundred times as many as a large project needs. */
const MAX_ZIPS = 200_000;
const MAX_FOLDERS = 400_000;
/** The most characters of a path below the cache. Neither go nor we can open longer ones. */
const MAX_PATH_CHARS = 4096;

/** From this number of unknown zips on, a line tells the user why go does not start yet. */
const MANY = 100;

/** The cache cannot be checked completely, so it is unknown what go would find there. */
class ModuleCacheError extends Error {
  readonly code = 'MODULE_CACHE_NOT_INSPECTED';
}

export interface ModuleCacheOptions {
  /** GOMODCACHE. */
  readonly folder: string;
  readonly guard: ZipGuard;
  /** Shows a line about work that takes time. */
  readonly show: (line: string) => void;
}

export class ModuleCache {
  readonly #options: ModuleCacheOptions;
  /** Stamps by file, before the run. */
  readonly #stampsBefore = new Map<string, string>();

  constructor(options: ModuleCacheOptions) {
    this.#options = options;
  }

  /**
   * Inspects every zip in the cache. The guard keeps the refusals.
   * @throws ModuleCacheError if the cache cannot be checked completely.
   */
  async inspectBefore(): Promise<void> {
    const { folder, guard, show } = this.#options;
    const zips = cachedZips(folder);
    const unknown = zips.filter((zip) => guard.store.getLink(stampKey(zip)) === undefined).length;
    if (unknown >= MANY)
      show(`${unknown} zips of the module cache are inspected, once; this takes a while`);
    for (const zip of zips) {
      this.#stampsBefore.set(zip.file, zip.stamp);
      // oxlint-disable-next-line no-await-in-loop -- one in memory at a time
      await this.#inspect(zip);
    }
    guard.store.flush();
  }

  /** Inspects zips that came during the run, but not from the gateway. Returns how many of them no guarded run had accepted before. */
  async inspectAfter(): Promise<number> {
    const { folder, guard } = this.#options;
    let elsewhere = 0;
    for (const zip of cachedZips(folder)) {
      if (this.#stampsBefore.get(zip.file) === zip.stamp) continue;
      // oxlint-disable-next-line no-await-in-loop -- one in memory at a time
      if (!(await this.#inspect(zip))) elsewhere++;
    }
    guard.store.flush();
    return elsewhere;
  }

  /** Resolves to whether the zip was known: from the gateway in this run, or accepted in another run. */
  async #inspect(zip: CachedZip): Promise<boolean> {
    const { guard } = this.#options;
    let content: Buffer | undefined;
    const bytes = (): Buffer =>
      (content ??= readRegularFile(zip.file, { bytesMax: guard.bytesMax(zip) }));
    try {
      const integrity = guard.store.getLink(stampKey(zip)) ?? integrityOf(bytes());
      const isKnown = guard.isKnown(integrity, zip);
      await guard.inspectKnown(integrity, zip, { bytes, source: zip.file });
      // Remember the integrity, unless the file has changed.
      if (stampOf(zip.file) === zip.stamp) guard.store.putLink(stampKey(zip), integrity);
      return isKnown;
    } catch (error) {
      if (error instanceof PackageRefusal) return false;
      // The zip was removed meanwhile, so go does not find it either.
      if (isMissing(error) && stampOf(zip.file) === undefined) return true;
      guard.unread(zip, zip.file, error);
      return false;
    }
  }
}

export interface CachedZip extends ModuleVersion {
  readonly file: string;
  /** Size, times and inode number of the file. They change with the file, because no program can set its ctime. */
  readonly stamp: string;
}

function stampKey({ file, stamp }: CachedZip): string {
  return `go-zip:${file}:${stamp}`;
}

/**
 * Every zip that go would find.
 * @throws ModuleCacheError if there are too many files; for a folder that cannot be listed, because go can still open a file in it by
 * name; and for a link, behind which go would find zips that the guard does not list.
 */
export function cachedZips(modcache: string): CachedZip[] {
  const root = downloadFolder(modcache);
  const zips: CachedZip[] = [];
  const folders: string[] = [''];
  let folderCount = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (++folderCount > MAX_FOLDERS || zips.length > MAX_ZIPS)
      throw new ModuleCacheError(`${root} has more files than are looked at`);
    if (folder.length > MAX_PATH_CHARS)
      throw new ModuleCacheError(`${root} has folders in folders deeper than is looked at`);
    const isVersions = folder.endsWith('/@v');
    for (const entry of entriesOf(join(root, folder))) {
      const file = join(root, folder, entry.name);
      if (isVersions && entry.name.endsWith('.zip')) {
        const path = unescapePath(folder.slice(0, -'/@v'.length));
        const version = unescapePath(entry.name.slice(0, -'.zip'.length));
        const stamp = stampOf(file);
        if (path !== undefined && version !== undefined && stamp !== undefined)
          zips.push({ path, version, file, stamp });
      } else if (entry.isSymbolicLink() && !isVersions) {
        throw notInspected(file, 'is a link; go makes none there. Remove it');
      } else if (!isVersions && entry.isDirectory()) {
        folders.push(folder === '' ? entry.name : `${folder}/${entry.name}`);
      }
    }
  }
  return zips;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw notInspected(folder, 'cannot be listed', error);
  }
}

/** Undefined if there is no such file. */
function stampOf(file: string): string | undefined {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = lstatSync(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join('-');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw notInspected(file, 'cannot be looked at', error);
  }
}

function notInspected(file: string, problem: string, cause?: unknown): ModuleCacheError {
  const why = cause === undefined ? '' : ` (${(cause as Error).message})`;
  return new ModuleCacheError(`${file} of the module cache ${problem}${why}`, { cause });
}
