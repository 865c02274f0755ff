import { readdirSync, readlinkSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** A link or special file in a folder that is to become a package. */
export interface LeavingEntry {
  /** As seen from the folder. */
  readonly name: string;
  /** Where the link leads; absent for a special file. */
  readonly target?: string;
}

/**
 * The first entry of a folder that leads out of it, or is neither file nor folder nor link. No link is followed: one
 * inside that leads to another is looked at by itself.
 */
export function leavingEntry(
  folder: string,
  isInside: (path: string) => boolean,
): LeavingEntry | undefined {
  const folders = [folder];
  for (let at = folders.pop(); at !== undefined; at = folders.pop())
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      const name = relative(folder, path);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isSymbolicLink()) {
        const target = readlinkSync(path);
        if (!isInside(resolve(dirname(path), target))) return { name, target };
      } else if (!entry.isFile()) return { name };
    }
  return undefined;
}
