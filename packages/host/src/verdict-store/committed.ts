/* Recognises a folder that came with a repository, although it is in the place of the user's own configuration. */
import { lstatSync, type Stats } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { accountHome } from '../home-folder.ts';
import { trackedEntries } from '../project/git-index.ts';
import { projectRoot, rootAbove } from '../policy-files/project-root.ts';
import { isWithin, realAsFar } from '../project/real-path.ts';

/**
 * Whether a folder of the user's own configuration may have come with the project of `cwd`, so that nothing in it may loosen the
 * policy. In a project around this account's home folder, it belongs to the user, tracked or not.
 */
export function mayBePlanted(folder: string, cwd: string): boolean {
  const place = realAsFar(folder);
  const root = checkoutAround(place, cwd);
  return root !== undefined && !holdsAccountHome(root) && mayHaveBrought(root, place);
}

function mayHaveBrought(root: string, place: string): boolean {
  const isTracked = isTrackedIn(root, place);
  // A project around this account's home folder did not come from elsewhere. HOME does not decide that: it may point into the repository.
  if (isTracked === undefined) return !holdsAccountHome(root);
  // The index of a repository does not list the files of a submodule, which has its own.
  return (
    isTracked ||
    repositoriesAround(place, root).some((inner) => isTrackedIn(inner, place) !== false)
  );
}

/**
 * The root of the checkout around `cwd`, if `place` is in it; else undefined. It is the project's root or a root above it: the
 * repository that has the project as a submodule or, without git, the project that contains this one.
 */
function checkoutAround(place: string, cwd: string): string | undefined {
  let root: string | undefined = projectRoot(cwd);
  while (root !== undefined && !isWithin(root, place)) root = outerRoot(root);
  return root;
}

function outerRoot(root: string): string | undefined {
  const outer = rootAbove(root);
  const git = gitOf(root);
  if (git === undefined || outer === undefined) return outer;
  // In a submodule, `.git` is a file; in a clone, it is a folder. Check this first, because asking git takes longer.
  return git.isFile() && isTrackedIn(outer, root) === true ? outer : undefined;
}

/** Repositories between a root and a path in it, without the root. */
function repositoriesAround(place: string, root: string): readonly string[] {
  const found: string[] = [];
  for (let folder = place; folder !== root; folder = dirname(folder))
    if (gitOf(folder) !== undefined) found.push(folder);
  return found;
}

function gitOf(folder: string): Stats | undefined {
  try {
    return lstatSync(join(folder, '.git'));
  } catch {
    return undefined; // There is no `.git`, or the folder is missing or cannot be read.
  }
}

/** Whether git tracks something at a path in a repository; undefined if git cannot answer. */
function isTrackedIn(root: string, place: string): boolean | undefined {
  const path = relative(root, place).split(sep).join('/');
  const tracked = trackedEntries(root, `:(icase,literal)${path === '' ? '.' : path}`);
  return tracked && tracked.length > 0;
}

function holdsAccountHome(root: string): boolean {
  const home = accountHome();
  return home !== undefined && isWithin(root, realAsFar(home));
}
