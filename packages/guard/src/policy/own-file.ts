/* Refuses a file in the place of the user's own configuration that somebody else may have written: another user, or a repository. */
import { lstatSync, type Stats } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { TarwardenError } from '@tarwarden/core/errors';
import { printablePath, shellWord } from '@tarwarden/core/text';
import { accountHome } from '../files/home-folder.ts';
import { trackedEntries } from '../project/git-index.ts';
import { isWithin, realAsFar } from '../project/real-path.ts';
import { projectRoot, rootAbove } from './project-root.ts';

const OTHERS_WRITE = 0o002;

/**
 * The user's own file may loosen, so it must belong to the user or to root.
 * @throws TarwardenError `POLICY_UNTRUSTED`
 */
export function refuseForeignUserFile(
  path: string,
  { uid, mode }: { readonly uid: number; readonly mode: number },
): void {
  const user = process.geteuid?.();
  if (user === undefined) return;
  const isForeign = uid !== 0 && uid !== user;
  if (!isForeign && (mode & OTHERS_WRITE) === 0) return;
  const shownPath = printablePath(path);
  throw new TarwardenError(
    'POLICY_UNTRUSTED',
    `${shownPath} ${isForeign ? `belongs to uid ${uid}` : 'can be written by every user'}: only a policy that nobody but you (uid ${user}) and root can write counts\n` +
      (isForeign
        ? `If it is yours: chown ${user} ${shellWord(shownPath)}`
        : `If nobody else has to write there: chmod o-w ${shellWord(shownPath)}`),
  );
}

/** Refuses a file of the user's `folder` if HOME or XDG_CONFIG_HOME leads into the project, so that it may come from there. */
export function refusePlantedFile(path: string, folder: string, cwd: string): void {
  // If HOME is the checkout, as on Jenkins, the file is the user's if git tracks nothing beside it. But a tracked link in its path may
  // lead to an untracked file; then ask git about the whole folder.
  const isPlain = realAsFar(path) === join(realAsFar(folder), relative(folder, path));
  if (!mayBePlanted(isPlain ? dirname(path) : folder, cwd)) return;
  throw new TarwardenError(
    'POLICY_UNTRUSTED',
    `${printablePath(path)} is in the project itself, so it may have come with the repository and does not count as your own. Set HOME or XDG_CONFIG_HOME to a folder outside the project`,
  );
}

/**
 * Whether a folder of the user's own configuration may have come with the project of `cwd`, so that nothing in it may loosen the
 * policy. In a project around this account's home folder, it belongs to the user, tracked or not.
 */
export function mayBePlanted(folder: string, cwd: string): boolean {
  const realFolder = realAsFar(folder);
  const root = checkoutAround(realFolder, cwd);
  return root !== undefined && !holdsAccountHome(root) && mayHaveBrought(root, realFolder);
}

function mayHaveBrought(root: string, path: string): boolean {
  const isTracked = isTrackedIn(root, path);
  // A project around this account's home folder did not come from elsewhere. HOME does not decide that: it may point into the repository.
  if (isTracked === undefined) return !holdsAccountHome(root);
  // The index of a repository does not list the files of a submodule, which has its own.
  return (
    isTracked || repositoriesAround(path, root).some((inner) => isTrackedIn(inner, path) !== false)
  );
}

/**
 * The root of the checkout around `cwd`, if `path` is in it; else undefined. It is the project's root or a root above it: the
 * repository that has the project as a submodule or, without git, the project that contains this one.
 */
function checkoutAround(path: string, cwd: string): string | undefined {
  let root: string | undefined = projectRoot(cwd);
  while (root !== undefined && !isWithin(root, path)) root = outerRoot(root);
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
function repositoriesAround(path: string, root: string): readonly string[] {
  const repositories: string[] = [];
  for (let folder = path; folder !== root; folder = dirname(folder))
    if (gitOf(folder) !== undefined) repositories.push(folder);
  return repositories;
}

function gitOf(folder: string): Stats | undefined {
  try {
    return lstatSync(join(folder, '.git'));
  } catch {
    return undefined; // There is no `.git`, or the folder is missing or cannot be read.
  }
}

/** Whether git tracks something at a path in a repository; undefined if git cannot answer. */
function isTrackedIn(root: string, target: string): boolean | undefined {
  const path = relative(root, target).split(sep).join('/');
  const tracked = trackedEntries(root, `:(icase,literal)${path === '' ? '.' : path}`);
  return tracked && tracked.length > 0;
}

function holdsAccountHome(root: string): boolean {
  const home = accountHome();
  return home !== undefined && isWithin(root, realAsFar(home));
}
