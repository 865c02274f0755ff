/*
 * Protects the files of git in folders that a client may write, because git runs programs from there (hooks, and commands in `config`).
 * In a worktree or a submodule, `.git` is a file that contains the path of the repository.
 */
import { lstatSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { foldersAbove } from '@tarwarden/guard/folders-above';
import { isLink, isWithin, realAsFar } from '@tarwarden/guard/real-path';
import { fileText } from './clients/client.ts';
import { whyNotKept, type Helper } from './helper.ts';
import { ConfineError } from './paths.ts';

export interface GitWalls {
  /** Paths that no client may write while it fetches. */
  readonly fetch: readonly string[];
  /** The same for scripts, without what the user allows. */
  readonly scripts: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * The `.git` of the writable folders and of those above them, as far as they may be written.
 * @param writable Real folders.
 * @param userPaths Paths that the user allows to write.
 * @throws ConfineError if one is a link, which could be replaced, and the user does not allow it.
 */
export function gitWalls(
  helper: Helper,
  writable: readonly string[],
  userPaths: readonly string[],
): GitWalls {
  const allowed = userPaths.map((path) => join(realAsFar(dirname(path)), basename(path)));
  const folders = [...new Set(writable.flatMap((folder) => foldersAbove(folder)))];
  const gitPaths = folders.map((folder) => join(folder, '.git'));
  const keptPaths = (candidates: readonly string[]): string[] => {
    const paths = new Set(candidates.flatMap((path) => [path, ...repositoriesOf(path)]));
    return [...paths].filter(
      (path) => exists(path) && writable.some((folder) => isWithin(folder, path)),
    );
  };
  const links = gitPaths.filter((path) => isLink(path) && keptPaths([path]).length > 0);
  const [link] = links.filter((path) => !allowed.includes(path));
  if (link !== undefined)
    throw new ConfineError(
      `${link} is a link, which the client could replace; to allow that: --confine-write ${link}`,
    );
  const fetch = keptPaths(gitPaths.filter((path) => !links.includes(path)));
  const scripts = keptPaths(gitPaths.filter((path) => !allowed.includes(path)));
  const why = fetch.length === 0 ? undefined : whyNotKept(helper, fetch);
  if (why === undefined) return { fetch, scripts, warnings: [] };
  const warnings = scripts.map((path) => `the client could write to ${path} (${why})`);
  return { fetch: [], scripts: [], warnings };
}

/** The folder of a worktree or a submodule, and the one that a worktree shares with others. */
function repositoriesOf(path: string): string[] {
  const gitFolder = /^gitdir: (.*)/.exec(fileText(path))?.[1];
  if (gitFolder === undefined) return [];
  const folder = realAsFar(resolve(dirname(path), gitFolder));
  const common = fileText(join(folder, 'commondir')).trim();
  return common === '' ? [folder] : [folder, realAsFar(resolve(folder, common))];
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
