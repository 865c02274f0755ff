/* Caches of Yarn 2 and newer: a zip for each package, whose SHA-512 is the checksum in the lockfile. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { printablePath } from '@tarwarden/core/text';
import { readArchiveFile } from './read.ts';
import { mismatch, type Cache } from './source.ts';
import { namesIn } from './yarn-classic-cache.ts';

/** `left-pad-npm-1.3.0-0382e69409-3fb59c76e2.zip`: package, hash of where it is from, start of the checksum or the key of the cache. */
const ZIP = /^(.+)-[0-9a-f]{10}-([0-9a-z]+)\.zip$/;

const CHECKSUM_CHARS = 10;

/**
 * @param isCommitted Whether the cache is in the project, so that somebody may have put the zips into the repository: one that
 *   is not what the lockfile says is then an error.
 */
export function yarnZips(folder: string, { isCommitted }: { isCommitted: boolean }): Cache {
  let zips: ReadonlyMap<string, readonly string[]> | undefined;
  return {
    find({ locked: { name, version, source, integrity } }, report) {
      if (integrity?.type !== 'yarn-zip') return undefined;
      zips ??= zipsIn(folder);
      const { sha512, cacheKey } = integrity;
      const slug = name.replace('/', '-');
      const ends = [sha512.slice(0, CHECKSUM_CHARS), cacheKey];
      for (const end of ends) {
        for (const zip of zips.get(end) ?? []) {
          if (!isOf(zip, slug, source.type === 'registry' ? version : undefined)) continue;
          const path = join(folder, zip);
          const bytes = readArchiveFile(path);
          if (bytes === undefined) continue;
          if (hash('sha512', bytes) === sha512)
            return { bytes, from: 'yarn-zip', format: 'yarn-zip' };
          // Under a key of the cache, one name stands for any zip that was made of the package.
          if (end !== cacheKey) report(mismatch(printablePath(path), isCommitted));
        }
      }
      return undefined;
    },
  };
}

function isOf(zip: string, slug: string, version: string | undefined): boolean {
  const what = ZIP.exec(zip)?.[1];
  return version === undefined
    ? what?.startsWith(`${slug}-`) === true
    : what === `${slug}-npm-${version}`;
}

/** Zips by what their name ends with. */
function zipsIn(folder: string): Map<string, string[]> {
  const zips = new Map<string, string[]>();
  for (const name of namesIn(folder)) {
    const end = ZIP.exec(name)?.[2];
    if (end !== undefined) (zips.get(end) ?? zips.set(end, []).get(end)!).push(name);
  }
  return zips;
}
