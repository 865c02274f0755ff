import { readdirSync } from 'node:fs';

/** Names of what is in a folder, real folders alone. Empty where it cannot be read. */
export function realFoldersIn(path: string): string[] {
  return entriesIn(path, (entry) => entry.isDirectory());
}

/** Names of the files in a folder. */
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
