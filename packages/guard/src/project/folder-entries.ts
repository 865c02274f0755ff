import { readdirSync, type Dirent, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The entries of a folder. Empty if it does not exist or cannot be listed. */
export function folderEntries(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** The names in a folder. Empty if it does not exist or cannot be listed. */
export function folderNames(folder: string): readonly string[] {
  return folderEntries(folder).map(({ name }) => name);
}

/** `start` and the folders above it, absolute, the nearest first. */
export function foldersAbove(start: string): readonly string[] {
  const folders = [resolve(start)];
  for (let folder = dirname(folders[0]!); folder !== folders.at(-1); folder = dirname(folder))
    folders.push(folder);
  return folders;
}

/** The nearest folder, from `start` upwards, that contains one of these names. */
export function nearestWith(start: string, names: readonly string[]): string | undefined {
  return foldersAbove(start).find((folder) => names.some((name) => existsSync(join(folder, name))));
}
