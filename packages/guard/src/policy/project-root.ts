/* Finds the folders of a project. A repository's policy counts in these folders, and not above them. */
import { lstatSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_POLICY_PARENTS } from '@tarwarden/core/limits';
import { manifestFile } from './text-file.ts';
import { foldersAbove } from '../project/folder-entries.ts';
import { realOrSame } from '../project/real-path.ts';
import { isMember } from '../project/workspace-members.ts';

/** A folder and those above it, up to the root of its project. */
export function projectFolders(start: string): readonly string[] {
  const folders = foldersAbove(realOrSame(start)).slice(0, MAX_POLICY_PARENTS);
  const upTo = (index: number): readonly string[] => folders.slice(0, index + 1);
  const git = folders.findIndex((folder) => hasEntry(folder, '.git'));
  if (git >= 0) return upTo(git);
  const packageIndex = folders.findIndex((folder) => hasEntry(folder, 'package.json'));
  const workspace = folders.findIndex(
    (folder, index) =>
      hasEntry(folder, 'pnpm-workspace.yaml') ||
      (index > packageIndex &&
        packageIndex >= 0 &&
        hasEntry(folder, 'package.json') &&
        holdsWorkspace(folder, folders[packageIndex]!)),
  );
  return upTo(Math.max(workspace, packageIndex, 0));
}

/** The root of the project that a folder is in: the last of its {@link projectFolders}. */
export function projectRoot(start: string): string {
  return projectFolders(start).at(-1)!;
}

/** The root of the project around a project: the repository around it or, without git, the nearest package or workspace. */
export function rootAbove(root: string): string | undefined {
  const above = foldersAbove(root).slice(1);
  const marked = (...names: string[]): string | undefined =>
    above.find((folder) => names.some((name) => hasEntry(folder, name)));
  return marked('.git') ?? marked('package.json', 'pnpm-workspace.yaml');
}

function hasEntry(folder: string, name: string): boolean {
  try {
    return lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

export function holdsWorkspace(root: string, folder: string): boolean {
  return isMember(root, folder, workspacesOf(manifestFile(join(root, 'package.json'))?.text));
}

function workspacesOf(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  try {
    const { workspaces } = JSON.parse(text) as { workspaces?: { packages?: unknown } | unknown[] };
    const list: unknown = Array.isArray(workspaces) ? workspaces : workspaces?.packages;
    return Array.isArray(list) ? list.filter((pattern) => typeof pattern === 'string') : [];
  } catch {
    return []; // Its manager says what is wrong with it.
  }
}

export interface LockfileLookup {
  readonly namesIn: (folder: string) => readonly string[];
  /** Whether a client looks for a lockfile of that name above a package: the one of a workspace is in its root. */
  readonly isShared: (name: string) => boolean;
}

/**
 * The lockfiles of the nearest folder above, up to the root of the project, if a folder has none. A package of a workspace has its
 * lockfile there even if its own folder has a lockfile of another ecosystem.
 */
export function lockfilesAboveIn(
  folder: string,
  { namesIn, isShared }: LockfileLookup,
): { readonly folder: string; readonly names: readonly string[] } | undefined {
  const ownNames = namesIn(folder);
  const isWanted = ownNames.length === 0 ? () => true : isShared;
  if (ownNames.length > 0 && (ownNames.some(isShared) || !existsSync(join(folder, 'package.json'))))
    return undefined;
  for (const above of projectFolders(folder).slice(1)) {
    const names = namesIn(above).filter(isWanted);
    if (names.length > 0) return { folder: above, names };
  }
  return undefined;
}
