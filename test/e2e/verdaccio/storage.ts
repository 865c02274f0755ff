/* What verdaccio has on disk. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export function storageOf(config: string): string {
  return join(dirname(config), 'storage');
}

/** Tarballs in it, by path. */
export function storedFiles(config: string): string[] {
  const folder = storageOf(config);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.tgz'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
}
