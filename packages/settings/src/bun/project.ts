import { resolve } from 'node:path';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { mayBeMember } from '@tarwarden/host/workspace-members';
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
  return above.find((root) => mayBeMember(root, own, bunWorkspaces(root))) ?? own;
}
