/*
 * Files and folders of a project that pnpm 10, 11 and 12 treat as their own: they overwrite some, and believe others. Both lists come
 * from installs with the real pnpm and from its sources. Settings rename some of the files.
 */
import { basename, join, relative, resolve } from 'node:path';
import {
  folderNames,
  isWithin,
  projectLink,
  trackedEntries,
  type ProjectLink,
} from '@tarwarden/host';
import { nothingInstalledLine } from '@tarwarden/guarded-run/kit';
import { type HookError, notInspectedError } from '../messages.ts';
import type { PnpmConfig } from '../pnpm-shapes.ts';

/** The folder in which packages are linked to each other, if it is not `node_modules/.pnpm`. */
export interface VirtualStore {
  /** As it is configured: absolute, or relative to the lockfile's folder. */
  readonly path: string;
  /** Whether the user has chosen it, and not the repository. */
  readonly isUsers: boolean;
}

export interface OwnFolders {
  readonly lockfileDir: string;
  /** Projects of the workspace; relative ones are below the lockfile's folder. */
  readonly projects: readonly string[];
  readonly modulesDir?: string | undefined;
  readonly virtualStore?: VirtualStore | undefined;
}

/** Files that pnpm writes beside a lockfile or a package.json, even if a file or link is there already. */
const WRITTEN = [
  'package.json',
  'package.json5',
  'package.yaml',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  // Written with `nodeLinker: pnp`.
  '.pnp.cjs',
];

/** A lockfile of a branch, with `gitBranchLockfile`. */
const BRANCH_LOCKFILE = /^pnpm-lock\..+\.yaml$/;

/**
 * Files in which pnpm notes the packages that it has linked. It believes them in the next install. pnpm 12 also treats a package's
 * folder in `.pnpm` as complete if no note names it.
 */
const BELIEVED = /^(?:\.modules\.yaml$|\.pnpm-workspace-state[^/]*$|\.pnpm(?:\/|$)|lock\.yaml$)/i;

/**
 * Refuses to install through links that lead out of the project and may come from the repository.
 * @throws HookError that names the link.
 */
export function refuseFolderLinksOut(folders: OwnFolders): void {
  const { lockfileDir, projects, modulesDir } = folders;
  const virtualStore = virtualStoreIn(folders);
  const link = projectLink({
    root: lockfileDir,
    folders: ['.', ...projects],
    modules: ['node_modules', ...(modulesDir === undefined ? [] : [modulesDir])],
    ...(virtualStore !== undefined && { stores: [relative(lockfileDir, virtualStore)] }),
    files: [...WRITTEN, ...folderNames(lockfileDir).filter((name) => BRANCH_LOCKFILE.test(name))],
  });
  refuseLink(link);
}

/**
 * `pnpm patch-commit` writes a file into the folder of patches.
 * @throws HookError if that folder or file leads out of the project.
 */
export function refusePatchLinks(config: PnpmConfig): void {
  const { patchesDir, lockfileDir, workspaceDir, dir } = config;
  const root = [lockfileDir, workspaceDir, dir].find((path) => typeof path === 'string');
  const name = typeof patchesDir === 'string' && patchesDir !== '' ? patchesDir : 'patches';
  if (typeof root !== 'string') return;
  const folder = resolve(root, name);
  const patches = folderNames(folder).map((patch) => join(folder, patch));
  refuseLink(
    projectLink({
      root,
      folders: ['.'],
      modules: [],
      files: [folder, ...patches].map((path) => relative(root, path)),
    }),
  );
}

/** @throws HookError that says where the link leads. */
function refuseLink(link: ProjectLink | undefined): void {
  if (link === undefined) return;
  throw notInspectedError(nothingInstalledLine(link.problem, link.remedy));
}

/**
 * Refuses state of pnpm that came with the repository: pnpm would link those files instead of the inspected packages.
 * @throws HookError that names the folder.
 */
export function refuseCommittedState(folders: OwnFolders): void {
  const { lockfileDir, projects, modulesDir = 'node_modules' } = folders;
  for (const project of new Set(['.', ...projects])) {
    const modules = resolve(lockfileDir, project, modulesDir);
    if (!folderNames(modules).some((name) => BELIEVED.test(name))) continue;
    const found = trackedEntries(modules, '.')?.find(({ path }) => BELIEVED.test(path));
    if (found !== undefined) throw committed(join(modules, found.path));
  }
  const virtualStore = virtualStoreIn(folders);
  if (virtualStore === undefined || folderNames(virtualStore).length === 0) return;
  const tracked = trackedEntries(virtualStore, '.');
  if (tracked !== undefined && tracked.length > 0) throw committed(virtualStore);
  if (tracked === undefined && folders.virtualStore?.isUsers === false)
    throw notInspectedError(
      `virtualStoreDir is ${JSON.stringify(virtualStore)}, which is not empty, and git cannot say that its content did not come ` +
        'with the project: pnpm would link what is there. Remove that folder and install again, or have the project in a git repository',
    );
}

function virtualStoreIn({ lockfileDir, virtualStore }: OwnFolders): string | undefined {
  if (virtualStore === undefined) return undefined;
  const folder = resolve(lockfileDir, virtualStore.path);
  // The default virtual store is in a folder of modules.
  if (basename(folder) === '.pnpm' && basename(resolve(folder, '..')) === 'node_modules')
    return undefined;
  return isWithin(lockfileDir, folder) ? folder : undefined;
}

function committed(path: string): HookError {
  return notInspectedError(
    `${JSON.stringify(path)} is part of the repository, and pnpm would link its content instead of the inspected packages: ` +
      'remove it from the repository (git rm -r --cached), delete it, and install again',
  );
}
