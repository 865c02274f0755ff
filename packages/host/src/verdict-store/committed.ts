/*
 * A cache in the project, which CI services keep between runs, is the user's own unless it came with the repository. A guard
 * would believe verdicts that came with a repository as if it had inspected the archives itself.
 */
import { lstatSync, type Stats } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { accountHome } from '../home-folder.ts';
import { trackedEntries } from '../project/git-index.ts';
import { projectRoot, rootAbove } from '../policy-files/project-root.ts';
import { isWithin, realAsFar } from '../project/real-path.ts';

/**
 * Whether `folder`, which need not exist, may have come with the project that `cwd` is in: it lies there, and git tracks
 * something in it, or cannot say. Or with another project that it lies in: `npm --prefix` installs into one that `cwd` is not in.
 */
export function mayBeCommitted(folder: string, cwd: string): boolean {
  const place = realAsFar(folder);
  const root = checkoutAround(place, cwd);
  if (root !== undefined) return mayHaveBrought(root, place);
  const other = rootAbove(place);
  return other !== undefined && !holdsAccountHome(other) && mayHaveBrought(other, place);
}

/**
 * Whether a folder of the user's own configuration may have come with the project that `cwd` is in, so that nothing in it may
 * loosen the policy. In a project around the home folder of this account it is the user's, tracked or not.
 */
export function mayBePlanted(folder: string, cwd: string): boolean {
  const place = realAsFar(folder);
  const root = checkoutAround(place, cwd);
  return root !== undefined && !holdsAccountHome(root) && mayHaveBrought(root, place);
}

function mayHaveBrought(root: string, place: string): boolean {
  const isTracked = isTrackedIn(root, place);
  // A project around the home folder of this account did not come from elsewhere. HOME does not decide that: it may be set to a
  // folder of the repository.
  if (isTracked === undefined) return !holdsAccountHome(root);
  // The index of a repository does not list the files of a submodule: the submodule has its own.
  return (
    isTracked ||
    repositoriesAround(place, root).some((inner) => isTrackedIn(inner, place) !== false)
  );
}

/**
 * The root of the checkout around `cwd`, if `place` is in it; else undefined. It is the project's root, or a root above it: the root of
 * the repository that has the project as a submodule or, without git, the root of the project that contains this project.
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
  // A submodule has a file of this name, and a clone has a folder: that spares a question to git.
  return git.isFile() && isTrackedIn(outer, root) === true ? outer : undefined;
}

/** Repositories between a root and a place in it, without the root. */
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

/** Whether git tracks something at a place in a repository; undefined where git cannot say. */
function isTrackedIn(root: string, place: string): boolean | undefined {
  const path = relative(root, place).split(sep).join('/');
  const tracked = trackedEntries(root, `:(icase,literal)${path === '' ? '.' : path}`);
  return tracked && tracked.length > 0;
}

function holdsAccountHome(root: string): boolean {
  const home = accountHome();
  return home !== undefined && isWithin(root, realAsFar(home));
}
