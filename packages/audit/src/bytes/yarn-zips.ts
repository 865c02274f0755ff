/* Caches of Yarn 2 and newer: a zip for each package, whose SHA-512 is the checksum in the lockfile. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { printablePath } from '@tarwarden/core/text';
import type { LockedPackage } from '@tarwarden/lockfiles';
import { readArchiveFile } from './read.ts';
import { mismatch, type ByteCache, type ObtainedBytes } from './source.ts';
import { namesIn } from './yarn-classic-cache.ts';

/** `left-pad-npm-1.3.0-0382e69409-3fb59c76e2.zip`: package, hash of where it is from, start of the checksum or the key of the cache. */
const ZIP = /^(.+)-[0-9a-f]{10}-([0-9a-z]+)\.zip$/;

const CHECKSUM_CHARS = 10;

/** A cache of this user's. What is not the zip of the lockfile is another one of the package, and is not used. */
export function yarnZips(folder: string): ByteCache {
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
          if (hash('sha512', bytes) === sha512) return found(bytes);
          // Under a key of the cache, one name stands for any zip that was made of the package.
          if (end !== cacheKey) report(mismatch(printablePath(path), false));
        }
      }
      return undefined;
    },
  };
}

/**
 * The cache of the project, which may be committed. Its settings can have Yarn take any zip there that is called like the package,
 * whatever its checksum: each has to be the one of the lockfile, and without a checksum it is the one that is inspected.
 */
export function committedZips(folder: string): ByteCache {
  let zips: { readonly all: Zips; readonly byEnd: Zips } | undefined;
  return {
    isCommitted: true,
    find({ kind, locked }, report) {
      if (kind !== 'yarn-berry') return undefined;
      zips ??= { all: zipsIn(folder, ({ what }) => what), byEnd: zipsIn(folder, ({ end }) => end) };
      const { integrity } = locked;
      const sha512 = integrity?.type === 'yarn-zip' ? integrity.sha512 : undefined;
      let right: ObtainedBytes | undefined;
      for (const zip of zipsNamedLike(locked, zips)) {
        const path = join(folder, zip);
        const bytes = readArchiveFile(path);
        const isRight =
          bytes !== undefined && (sha512 === undefined || hash('sha512', bytes) === sha512);
        if (!isRight) report(mismatch(printablePath(path), true));
        else right ??= { ...found(bytes), ...(sha512 === undefined && { unpinned: true }) };
      }
      return right;
    },
  };
}

/** All that are called like a package of a registry; else those that have the checksum in their name. */
function zipsNamedLike(
  { name, version, source, integrity }: LockedPackage,
  { all, byEnd }: { readonly all: Zips; readonly byEnd: Zips },
): readonly string[] {
  // Yarn leaves out what is built of a version.
  if (source.type === 'registry')
    return all.get(`${slugOf(name)}-npm-${version.replace(/\+.*$/s, '')}`) ?? [];
  if (integrity?.type !== 'yarn-zip') return [];
  const ended = byEnd.get(integrity.sha512.slice(0, CHECKSUM_CHARS)) ?? [];
  return ended.filter((zip) => isZipOf(zip, slugOf(name), undefined));
}

function found(bytes: Buffer): ObtainedBytes {
  return { bytes, from: 'yarn-zip', format: 'yarn-zip' };
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

/** Zips by a part of their name: what they are of, or what it ends with. */
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
