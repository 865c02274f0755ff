import { readdirSync } from 'node:fs';

/** The names of the folders in a folder, without links. Empty if the folder cannot be read. */
export function realFoldersIn(path: string): string[] {
  return entriesIn(path, (entry) => entry.isDirectory());
}

/** The names of the files in a folder, without links. Empty if the folder cannot be read. */
export function filesIn(path: string): string[] {
  return entriesIn(path, (entry) => entry.isFile());
}

type Entry = { readonly name: string; isDirectory(): boolean; isFile(): boolean };

function entriesIn(path: string, wanted: (entry: Entry) => boolean): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries
      .filter(wanted)
      .map(({ name }) => name)
      .toSorted();
  } catch {
    return [];
  }
}
