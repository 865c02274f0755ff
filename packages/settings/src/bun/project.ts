import { relative, resolve, sep } from 'node:path';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { matchesWorkspace } from '@tarwarden/host/project-root';
import { bunWorkspaces, hasManifest } from './manifest.ts';

/** The nearest folder with a package.json, else `folder`. */
export function bunPackage(folder: string): string {
  return foldersAbove(folder).find(hasManifest) ?? resolve(folder);
}

/**
 * The folder that bun takes for the project: the workspace that names the nearest package, else that package's; without one, `folder`.
 * @throws an Error if a package.json on the way cannot be read.
 */
export function bunRoot(folder: string): string {
  const own = bunPackage(folder);
  const above = foldersAbove(own).slice(1).filter(hasManifest);
  return above.find((root) => holds(root, own)) ?? own;
}

/** Whether a workspace names this folder. A pattern with more than stars is taken for anything below what is before. */
function holds(root: string, folder: string): boolean {
  const patterns = bunWorkspaces(root);
  const parts = relative(root, folder).split(sep);
  const isNamed = (all: readonly string[]): boolean =>
    all.some((pattern) => matchesWorkspace(pattern, parts));
  const taken = patterns.filter((pattern) => !pattern.startsWith('!'));
  const left = patterns.filter(
    (pattern) => /^![^[\]{}?]*$/.test(pattern) && !/\*\*\/./.test(pattern),
  );
  return (
    isNamed(taken.map((pattern) => pattern.replace(/[^/]*[[\]{}?].*$/s, '**'))) &&
    !isNamed(left.map((pattern) => pattern.slice(1)))
  );
}
