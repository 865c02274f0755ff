import { readdirSync, type Dirent } from 'node:fs';

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
