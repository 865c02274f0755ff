/* Caches of Yarn 2 and newer have a zip for each package. The SHA-512 of the zip is the checksum in the lockfile. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { printablePath } from '@tarwarden/core/text';
import { mismatch, namesIn, readArchiveFile } from '../../archives.ts';
import type { TarballCache } from './npm-packages.ts';

/** `left-pad-npm-1.3.0-0382e69409-3fb59c76e2.zip`: package, hash of the source, start of the checksum or the key of the cache. */
const ZIP = /^(.+)-[0-9a-f]{10}-([0-9a-z]+)\.zip$/;

const CHECKSUM_CHARS = 10;

/** A folder of zips. It may have several zips of a package. Those that are not the zip of the lockfile are skipped. */
export function yarnZips(folder: string): TarballCache {
  let zips: Zips | undefined;
  return {
    find({ locked: { name, version, source, integrity } }, report) {
      if (integrity?.type !== 'yarn-zip') return undefined;
      zips ??= zipsIn(folder);
      const { sha512, cacheKey } = integrity;
      const slug = slugOf(name);
      const ends = [sha512.slice(0, CHECKSUM_CHARS), cacheKey];
      for (const end of ends) {
        for (const zip of zips.get(end) ?? []) {
          if (!isZipOf(zip, slug, source.type === 'registry' ? version : undefined)) continue;
          const path = join(folder, zip);
          const bytes = readArchiveFile(path);
          if (bytes === undefined) continue;
          if (hash('sha512', bytes) === sha512)
            return { content: bytes, from: 'yarn-zip', format: 'yarn-zip' };
          // Any zip of the package may have the name that ends with the key of the cache.
          if (end !== cacheKey) report(mismatch(printablePath(path), false));
        }
      }
      return undefined;
    },
  };
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

/** Zips by the ending of their name. */
function zipsIn(folder: string): Zips {
  const zips = new Map<string, string[]>();
  for (const name of namesIn(folder)) {
    const end = ZIP.exec(name)?.[2];
    if (end !== undefined) (zips.get(end) ?? zips.set(end, []).get(end)!).push(name);
  }
  return zips;
}
