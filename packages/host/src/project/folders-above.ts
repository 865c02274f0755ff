import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** `start` and the folders above it, absolute, the nearest first. */
export function foldersAbove(start: string): readonly string[] {
  const all = [resolve(start)];
  for (let folder = dirname(all[0]!); folder !== all.at(-1); folder = dirname(folder))
    all.push(folder);
  return all;
}

/** The nearest folder, from `start` upwards, that contains one of these names. */
export function nearestWith(start: string, names: readonly string[]): string | undefined {
  return foldersAbove(start).find((folder) => names.some((name) => existsSync(join(folder, name))));
}
