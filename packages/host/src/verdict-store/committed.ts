/*
 * A cache that lies in the project, as CI services have it between runs, is the user's own unless it came with the
 * repository: what a repository brings would be believed like what was inspected here.
 */
import { relative, sep } from 'node:path';
import { accountHome } from '../home-folder.ts';
import { trackedEntries } from '../project/git-index.ts';
import { projectFolders } from '../policy-files/project-root.ts';
import { isWithin, realAsFar } from '../project/real-path.ts';

/**
 * Whether `folder`, which need not exist, may have come with the project that `cwd` is in: it lies there, and git tracks
 * something in it, or cannot say.
 */
export function mayBeCommitted(folder: string, cwd: string): boolean {
  const root = projectFolders(cwd).at(-1)!;
  const place = realAsFar(folder);
  if (!isWithin(root, place)) return false;
  const path = relative(root, place).split(sep).join('/');
  const tracked = trackedEntries(root, `:(icase,literal)${path === '' ? '.' : path}`);
  if (tracked !== undefined) return tracked.length > 0;
  // A project around the home folder of this account did not come from elsewhere. HOME does not decide that: it may be set to a
  // folder of the repository.
  return !holdsAccountHome(root);
}

/**
 * Whether a folder of the user's own configuration may have come with the project that `cwd` is in, so that nothing in it may
 * loosen the policy. In a project around the home folder of this account it is the user's, tracked or not.
 */
export function mayBePlanted(folder: string, cwd: string): boolean {
  return !holdsAccountHome(projectFolders(cwd).at(-1)!) && mayBeCommitted(folder, cwd);
}

function holdsAccountHome(root: string): boolean {
  const home = accountHome();
  return home !== undefined && isWithin(root, realAsFar(home));
}
