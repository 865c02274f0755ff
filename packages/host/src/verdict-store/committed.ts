/*
 * A cache that lies in the project, as CI services have it between runs, is the user's own unless it came with the
 * repository: what a repository brings would be believed like what was inspected here.
 */
import { relative, sep } from 'node:path';
import { trackedEntries } from '../project/git-index.ts';
import { projectFolders } from '../policy-files/project-root.ts';
import { isWithin, realAsFar } from '../project/real-path.ts';

/**
 * Whether `folder`, which need not exist, may have come with the project that `cwd` is in: it lies there, and git tracks
 * something in it, or cannot say.
 */
export function mayBeCommitted(folder: string, cwd: string, home: string | undefined): boolean {
  const root = projectFolders(cwd).at(-1)!;
  const place = realAsFar(folder);
  if (!isWithin(root, place)) return false;
  const path = relative(root, place).split(sep).join('/');
  const tracked = trackedEntries(root, `:(icase,literal)${path === '' ? '.' : path}`);
  if (tracked !== undefined) return tracked.length > 0;
  // Whoever works in the home folder, or above it, has no project around it that came from elsewhere.
  return home === undefined || !isWithin(root, realAsFar(home));
}
