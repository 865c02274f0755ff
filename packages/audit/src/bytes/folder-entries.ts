/* Lists a folder by name, sorted. The lists are empty if the folder cannot be read. */
import { folderEntries, folderNames } from '@tarwarden/host';

/** The names of the folders in a folder, without links. */
export function realFoldersIn(path: string): string[] {
  return folderEntries(path)
    .flatMap((entry) => (entry.isDirectory() ? entry.name : []))
    .toSorted();
}

/** All names in a folder. */
export function namesIn(path: string): string[] {
  return folderNames(path).toSorted();
}
