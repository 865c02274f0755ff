/*
 * Files and folders of a project that pnpm 10, 11 and 12 overwrite. The list comes from installs with the real pnpm and from its
 * sources. Settings rename some of the files.
 */
import { basename, join, relative, resolve } from 'node:path';
import { folderNames, isWithin, projectLink, type ProjectLink } from '@tarwarden/host';
import { nothingInstalledLine } from '@tarwarden/guarded-run/kit';
import { notInspectedError } from '../messages.ts';
import type { PnpmConfig } from '../pnpm-shapes.ts';

export interface OwnFolders {
  readonly lockfileDir: string;
  /** Projects of the workspace; relative ones are below the lockfile's folder. */
  readonly projects: readonly string[];
  readonly modulesDir?: string | undefined;
  /**
   * The folder in which packages are linked to each other, if it is not `node_modules/.pnpm`. As it is configured: absolute, or relative
   * to the lockfile's folder.
   */
  readonly virtualStore?: string | undefined;
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

function virtualStoreIn({ lockfileDir, virtualStore }: OwnFolders): string | undefined {
  if (virtualStore === undefined) return undefined;
  const folder = resolve(lockfileDir, virtualStore);
  // The default virtual store is in a folder of modules.
  if (basename(folder) === '.pnpm' && basename(resolve(folder, '..')) === 'node_modules')
    return undefined;
  return isWithin(lockfileDir, folder) ? folder : undefined;
}
