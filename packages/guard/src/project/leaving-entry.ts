/* Finds entries of a folder that a client copies as it is, such as a git checkout or a folder of the project. */
import { readdirSync, readlinkSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The most files and folders that are checked. The largest repositories have some hundred thousand. */
const ENTRIES_MAX = 1_000_000;

/** A link or special file in a folder that will become a package. */
export interface LeavingEntry {
  /** Relative to the folder. */
  readonly name: string;
  /** The target of the link. Absent for a special file. */
  readonly target?: string;
}

export interface LeavingEntryOptions {
  /** Whether the target of a link, as it is written and as an absolute path, is a part of the package. */
  readonly isInside: (path: string, target: string) => boolean;
  /** Names of folders that the client does not copy. */
  readonly skipped?: readonly string[];
}

/**
 * The first entry of a folder that is a link out of it, or is no file, folder or link. No link is followed, because each link in the
 * folder is checked itself. @throws Error if the folder cannot be read or is too large.
 */
export function leavingEntry(
  root: string,
  { isInside, skipped = [] }: LeavingEntryOptions,
): LeavingEntry | undefined {
  const folders = [root];
  let entryCount = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop())
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (++entryCount > ENTRIES_MAX)
        throw new Error(`it has more than ${ENTRIES_MAX} files and folders`);
      const path = join(folder, entry.name);
      const name = relative(root, path);
      if (entry.isDirectory()) {
        if (!skipped.includes(entry.name)) folders.push(path);
      } else if (entry.isSymbolicLink()) {
        const target = readlinkSync(path);
        if (!isInside(resolve(dirname(path), target), target)) return { name, target };
      } else if (!entry.isFile()) return { name };
    }
  return undefined;
}
