/*
 * A cache that lies in the project, as CI services have it between runs, is the user's own unless it came with the
 * repository: what a repository brings would be believed like what was judged here.
 */
import { realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { trackedEntries } from './git-index.ts';
import { projectFolders } from './project-root.ts';

/**
 * Whether `folder`, which need not exist, may have come with the project that `cwd` is in: it lies there, and git tracks
 * something in it, or cannot say.
 */
export function mayBeCommitted(folder: string, cwd: string, home: string | undefined): boolean {
  const root = projectFolders(cwd).at(-1)!;
  const place = realPlace(folder);
  if (!isInside(root, place)) return false;
  const path = relative(root, place).split(sep).join('/');
  const tracked = trackedEntries(root, `:(icase,literal)${path === '' ? '.' : path}`);
  if (tracked !== undefined) return tracked.length > 0;
  // Whoever works in the home folder, or above it, has no project around it that came from elsewhere.
  return home === undefined || !isInside(root, realPlace(home));
}

/** Where a path leads, as far as it exists. */
function realPlace(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPlace(parent), path.slice(parent.length));
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}
