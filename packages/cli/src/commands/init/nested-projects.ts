import { join } from 'node:path';
import { folderEntries } from '@tarwarden/host';
import { isOfRoot } from './project.ts';

/** The parts of a project are near its root. */
const MAX_DEPTH = 5;
/** The most folders that are listed. A large repository would take too long. */
const MAX_FOLDERS = 5000;

/** The content of these folders is not the project's own. */
const FOREIGN: ReadonlySet<string> = new Set(['node_modules', 'vendor', 'testdata', 'venv']);

interface Nested {
  /** Folders below the root, with `/`. */
  readonly folders: readonly string[];
  /** Whether all folders were looked at. */
  readonly isWhole: boolean;
}

/** Folders below the root with a lockfile or settings of their own. The guard of the root does not guard them. */
export function nestedProjects(root: string): Nested {
  const folders: string[] = [];
  let queue = [''];
  let listed = 0;
  for (let depth = 0; queue.length > 0; depth++) {
    if (depth > MAX_DEPTH) return { folders, isWhole: false };
    const next: string[] = [];
    for (const folder of queue) {
      if (++listed > MAX_FOLDERS) return { folders, isWhole: false };
      const entries = folderEntries(join(root, folder));
      if (folder !== '' && entries.some((entry) => entry.isFile() && isOfRoot(entry.name)))
        folders.push(folder);
      // Links do not count as folders.
      const below = entries.filter(
        (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !FOREIGN.has(entry.name),
      );
      next.push(...below.map(({ name }) => (folder === '' ? name : `${folder}/${name}`)));
    }
    queue = next;
  }
  return { folders, isWhole: true };
}
