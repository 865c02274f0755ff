/* The entries that a package manager takes for what a package of the project asks for. */
import { posix } from 'node:path';
import type { Lockfile, Resolution } from '@tarwarden/lockfiles';

/** Undefined where there is none. */
export type Find = (
  importer: string,
  name: string,
  range: string,
) => readonly Resolution[] | undefined;

export function finderFor({ kind, resolutions }: Lockfile): Find {
  const all = new Map<string, Resolution[]>();
  for (const resolution of resolutions) {
    const { importer, name, range } = resolution;
    const key = keyOf(importer, importer === undefined ? range : undefined, name);
    const found = all.get(key);
    if (found === undefined) all.set(key, [resolution]);
    else found.push(resolution);
  }
  switch (kind) {
    case 'yarn-classic':
      return (_, name, range) => all.get(keyOf(undefined, range, name));
    case 'yarn-berry':
      // A range is of the registry unless it says otherwise.
      return (_, name, range) =>
        all.get(keyOf(undefined, range, name)) ?? all.get(keyOf(undefined, `npm:${range}`, name));
    case 'pnpm-lock':
      return (importer, name) => all.get(keyOf(importer, undefined, name));
    default:
      return (importer, name) => {
        for (let at = importer; ; at = posix.dirname(at)) {
          const found = all.get(keyOf(at === '.' ? '' : at, undefined, name));
          if (found !== undefined || at === '' || at === '.' || at === '/') return found;
        }
      };
  }
}

function keyOf(importer: string | undefined, range: string | undefined, name: string): string {
  return JSON.stringify([importer ?? null, range ?? null, name]);
}
