import { readdirSync, type Dirent } from 'node:fs';

/** The names of the folders in a folder, without links. Empty if the folder cannot be read. */
export function realFoldersIn(path: string): string[] {
  return entriesIn(path, (entry) => entry.isDirectory());
}

/** The names of the files in a folder, without links. Empty if the folder cannot be read. */
export function filesIn(path: string): string[] {
  return entriesIn(path, (entry) => entry.isFile());
}

/** All names in a folder. Empty if the folder cannot be read. */
export function namesIn(path: string): string[] {
  return entriesIn(path, () => true);
}

function entriesIn(path: string, isWanted: (entry: Dirent) => boolean): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true }).filter(isWanted);
    return entries.map(({ name }) => name).toSorted();
  } catch {
    return [];
  }
}
