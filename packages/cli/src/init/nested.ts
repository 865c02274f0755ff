import { join } from 'node:path';
import { folderEntries } from '@tarwarden/host';
import { isOfRoot } from './project.ts';

/** A project has its parts near its root. */
const MAX_DEPTH = 5;
/** Folders that are listed, so that a large repository keeps nobody waiting. */
const MAX_FOLDERS = 5000;

/** What is in here is not the project's own. */
const FOREIGN: ReadonlySet<string> = new Set(['node_modules', 'vendor', 'testdata', 'venv']);

export interface Nested {
  /** Folders below the root, with `/`. */
  readonly folders: readonly string[];
  /** Whether all was looked at. */
  readonly isWhole: boolean;
}

/** Folders below the root that have a lockfile or settings of their own: what guards the root does not guard them. */
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
      if (folder !== '' && entries.some((one) => one.isFile() && isOfRoot(one.name)))
        folders.push(folder);
      // Links are no folders here.
      const below = entries.filter(
        (one) => one.isDirectory() && !one.name.startsWith('.') && !FOREIGN.has(one.name),
      );
      next.push(...below.map(({ name }) => (folder === '' ? name : `${folder}/${name}`)));
    }
    queue = next;
  }
  return { folders, isWhole: true };
}
