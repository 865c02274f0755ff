/* Caches of Yarn 2 and newer have a zip for each package. The SHA-512 of the zip is the checksum in the lockfile. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { printablePath } from '@tarwarden/core/text';
import type { LockedPackage } from '@tarwarden/lockfiles';
import { mismatch, namesIn, readArchiveFile } from '../../archives.ts';
import type { CachedTarball, TarballCache } from './npm-packages.ts';

/** `left-pad-npm-1.3.0-0382e69409-3fb59c76e2.zip`: package, hash of the source, start of the checksum or the key of the cache. */
const ZIP = /^(.+)-[0-9a-f]{10}-([0-9a-z]+)\.zip$/;

const CHECKSUM_CHARS = 10;

/** A cache of this user. It may have several zips of a package. Those that are not the zip of the lockfile are skipped. */
export function yarnZips(folder: string): TarballCache {
  let zips: Zips | undefined;
  return {
    find({ locked: { name, version, source, integrity } }, report) {
      if (integrity?.type !== 'yarn-zip') return undefined;
      zips ??= zipsIn(folder, ({ end }) => end);
      const { sha512, cacheKey } = integrity;
      const slug = slugOf(name);
      const ends = [sha512.slice(0, CHECKSUM_CHARS), cacheKey];
      for (const end of ends) {
        for (const zip of zips.get(end) ?? []) {
          if (!isZipOf(zip, slug, source.type === 'registry' ? version : undefined)) continue;
          const path = join(folder, zip);
          const bytes = readArchiveFile(path);
          if (bytes === undefined) continue;
          if (hash('sha512', bytes) === sha512) return cachedZip(bytes);
          // Any zip of the package may have the name that ends with the key of the cache.
          if (end !== cacheKey) report(mismatch(printablePath(path), false));
        }
      }
      return undefined;
    },
  };
}

/**
 * The cache of the project, which may be committed. Settings can make Yarn take any zip there with the name of the package, whatever
 * its checksum is. So each such zip has to be the one of the lockfile. Without a checksum, the first zip is inspected.
 */
export function committedZips(folder: string): TarballCache {
  let zips: { readonly all: Zips; readonly byEnd: Zips } | undefined;
  return {
    isCommitted: true,
    find({ kind, locked }, report) {
      if (kind !== 'yarn-berry') return undefined;
      zips ??= { all: zipsIn(folder, ({ what }) => what), byEnd: zipsIn(folder, ({ end }) => end) };
      const { integrity } = locked;
      const sha512 = integrity?.type === 'yarn-zip' ? integrity.sha512 : undefined;
      let right: CachedTarball | undefined;
      for (const zip of zipsNamedLike(locked, zips)) {
        const path = join(folder, zip);
        const bytes = readArchiveFile(path);
        const isRight =
          bytes !== undefined && (sha512 === undefined || hash('sha512', bytes) === sha512);
        if (!isRight) report(mismatch(printablePath(path), true));
        else right ??= { ...cachedZip(bytes), ...(sha512 === undefined && { isUnpinned: true }) };
      }
      return right;
    },
  };
}

/** For a package of a registry, all zips with its name. For others, the zips with the checksum in their name. */
function zipsNamedLike(
  { name, version, source, integrity }: LockedPackage,
  { all, byEnd }: { readonly all: Zips; readonly byEnd: Zips },
): readonly string[] {
  if (source.type === 'registry')
    return all.get(`${slugOf(name)}-npm-${withoutBuild(version)}`) ?? [];
  if (integrity?.type !== 'yarn-zip') return [];
  const ended = byEnd.get(integrity.sha512.slice(0, CHECKSUM_CHARS)) ?? [];
  return ended.filter((zip) => isZipOf(zip, slugOf(name), undefined));
}

function cachedZip(content: Buffer): CachedTarball {
  return { content, from: 'yarn-zip', format: 'yarn-zip' };
}

/** Yarn leaves build metadata (`+…`) out of the name. */
function withoutBuild(version: string): string {
  return version.replace(/\+.*$/s, '');
}

function slugOf(name: string): string {
  return name.replace('/', '-');
}

function isZipOf(zip: string, slug: string, version: string | undefined): boolean {
  const what = ZIP.exec(zip)?.[1];
  return version === undefined
    ? what?.startsWith(`${slug}-`) === true
    : what === `${slug}-npm-${version}`;
}

type Zips = ReadonlyMap<string, readonly string[]>;

/** Zips by a part of their name: the package or the ending. */
function zipsIn(folder: string, keyOf: (zip: { what: string; end: string }) => string): Zips {
  const zips = new Map<string, string[]>();
  for (const name of namesIn(folder)) {
    const [, what, end] = ZIP.exec(name) ?? [];
    if (what === undefined || end === undefined) continue;
    const key = keyOf({ what, end });
    (zips.get(key) ?? zips.set(key, []).get(key)!).push(name);
  }
  return zips;
}
