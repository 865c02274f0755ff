/* Finds the entries that a package manager takes for a request of a package of the project. */
import { posix } from 'node:path';
import type { Lockfile, LockedResolution } from '@tarwarden/lockfiles';

/** Undefined if there is none. */
export type ResolutionFinder = (
  importer: string,
  name: string,
  range: string,
) => readonly LockedResolution[] | undefined;

export function finderFor({ kind, resolutions }: Lockfile): ResolutionFinder {
  const all = new Map<string, LockedResolution[]>();
  for (const resolution of resolutions) {
    const { importer, name, range } = resolution;
    const key = resolutionKey(importer, importer === undefined ? range : undefined, name);
    const found = all.get(key);
    if (found === undefined) all.set(key, [resolution]);
    else found.push(resolution);
  }
  switch (kind) {
    case 'yarn-classic':
      return (_, name, range) => all.get(resolutionKey(undefined, range, name));
    case 'yarn-berry':
      // A range without a protocol means `npm:`.
      return (_, name, range) =>
        all.get(resolutionKey(undefined, range, name)) ??
        all.get(resolutionKey(undefined, `npm:${range}`, name));
    case 'pnpm-lock':
      return (importer, name) => all.get(resolutionKey(importer, undefined, name));
    default:
      return (importer, name) => {
        for (let at = importer; ; at = posix.dirname(at)) {
          const found = all.get(resolutionKey(at === '.' ? '' : at, undefined, name));
          if (found !== undefined || at === '' || at === '.' || at === '/') return found;
        }
      };
  }
}

function resolutionKey(
  importer: string | undefined,
  range: string | undefined,
  name: string,
): string {
  return JSON.stringify([importer ?? null, range ?? null, name]);
}
