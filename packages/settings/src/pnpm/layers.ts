import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { realOrSame } from '@tarwarden/host/real-path';
import { isMember } from '@tarwarden/host/workspace-members';
import { lt } from 'semver';
import { asRecord, fileLayer } from '../files.ts';
import { authorsFor } from '../author.ts';
import { textOfSetting, type AuthorOf, type SettingsLayer, type Layers } from '../layer.ts';
import type { ClientContext } from '../where.ts';
import { yamlValues } from '../yaml.ts';
import { npmrcFrom11, npmrcOf10, npmVariables, userFilesFrom11, userFilesOf10 } from './user.ts';
import { majorOf } from './version.ts';
import { yamlSettings } from './yaml-settings.ts';

/** The first version that takes any setting from pnpm-workspace.yaml. */
export const PNPM_WITH_YAML = '10.6.0';

export const WORKSPACE = 'pnpm-workspace.yaml';
/** Manifests of a package. pnpm takes the first that exists. */
export const MANIFESTS = ['package.json', 'package.json5', 'package.yaml'] as const;
/** pnpm runs in the nearest folder with one of these. */
const OF_A_PROJECT = ['node_modules', ...MANIFESTS, WORKSPACE];

/** Where pnpm runs. */
export interface PnpmFolders {
  /** The folder with the nearest pnpm-workspace.yaml, or the one that a variable names. Undefined if there is none. */
  readonly workspace: string | undefined;
  /** The folder of the package. */
  readonly package: string;
}

/**
 * The folders of a version of pnpm. From 11 on, pnpm takes no setting of a workspace that does not name the package. If it is not known
 * whether it does, there are two answers.
 */
export function pnpmFolders(
  version: string,
  { folder, env }: ClientContext,
): readonly PnpmFolders[] {
  const own = packageFolder(folder);
  const names = ['PNPM_CONFIG_WORKSPACE_DIR', 'NPM_CONFIG_WORKSPACE_DIR'];
  const named = (majorOf(version) < 11 ? names.slice(1) : names)
    .flatMap((name) => [env[name], env[name.toLowerCase()]])
    .find((value) => value !== undefined && value !== '');
  if (named !== undefined) return [{ workspace: resolve(folder, named), package: own }];
  const real = realOrSame(folder);
  const workspace = foldersAbove(real).find((folder) => existsSync(join(folder, WORKSPACE)));
  const found = { workspace, package: own };
  const isCertain =
    workspace === undefined ||
    majorOf(version) < 11 ||
    !MANIFESTS.some((name) => existsSync(join(real, name))) ||
    isMember(workspace, real, packagesOf(workspace));
  return isCertain ? [found] : [found, { ...found, workspace: undefined }];
}

/** The settings of a version of pnpm, the strongest first, for each possible workspace. */
export function pnpmLayers(version: string, where: ClientContext): readonly Layers[] {
  return pnpmFolders(version, where).map((folders) => pnpmLayersIn(version, where, folders));
}

export function pnpmLayersIn(version: string, where: ClientContext, folders: PnpmFolders): Layers {
  const read = majorOf(version) < 11 ? layersOf10 : layersFrom11;
  return read(version, where, folders);
}

/** The YAML of the project, its package.json, npm's files, and pnpm's own `rc`. */
function layersOf10(version: string, where: ClientContext, folders: PnpmFolders): SettingsLayer[] {
  const author = authorsFor(where);
  const root = folders.workspace ?? folders.package;
  const yaml = lt(version, PNPM_WITH_YAML) ? [] : workspaceLayer(version, where, folders, author);
  const projects = [...new Set([folders.package, root])].flatMap((folder) => {
    const file = join(folder, '.npmrc');
    return npmrcOf10(file, author(file), where, false);
  });
  const stronger = [npmVariables(where.env), ...projects];
  // Versions before 10.34 let a project's file say where the user's is.
  const likeNpm = [...stronger, ...userFilesOf10(where, stronger, author)];
  // The manifest is beside the lockfile. A pnpm-workspace.yaml that moves the lockfile does not move it.
  const lockfileDir = textOfSetting(likeNpm, 'lockfileDir');
  const manifest = lockfileDir === undefined ? root : resolve(where.folder, lockfileDir);
  return [...yaml, ...manifestLayer(manifest, author), ...likeNpm];
}

/** pnpm's variables, the YAML of the project and of the user, and the settings of the network in files of npm's kind. */
function layersFrom11(
  version: string,
  where: ClientContext,
  folders: PnpmFolders,
): SettingsLayer[] {
  const author = authorsFor(where);
  const project = join(folders.workspace ?? folders.package, '.npmrc');
  const { variables, yaml, npmrcs, userFile } = userFilesFrom11(version, where, author);
  return [
    variables,
    ...workspaceLayer(version, where, folders, author),
    ...yaml,
    ...npmrcFrom11(version, project, {
      env: where.env,
      author: author(project),
      isTrusted: project === userFile,
    }),
    ...npmrcs,
  ];
}

function workspaceLayer(
  version: string,
  { env }: ClientContext,
  { workspace }: PnpmFolders,
  authorOf: AuthorOf,
): SettingsLayer[] {
  if (workspace === undefined) return [];
  const file = join(workspace, WORKSPACE);
  return fileLayer(file, authorOf(file), (text) =>
    yamlSettings(version, text, { env, isUsers: false }),
  );
}

function packagesOf(root: string): unknown {
  const [layer] = fileLayer(join(root, WORKSPACE), 'project', yamlValues);
  return layer?.values.get('packages');
}

/** The nearest folder that looks like a project's. The top of a disk never does. */
function packageFolder(start: string): string {
  if (basename(start) === 'node_modules') {
    let folder = start;
    while (basename(folder) === 'node_modules') folder = dirname(folder);
    return folder;
  }
  for (const folder of foldersAbove(start)) {
    if (dirname(folder) === folder) break;
    try {
      if (readdirSync(folder).some((name) => OF_A_PROJECT.includes(name))) return folder;
    } catch {
      break;
    }
  }
  return start;
}

/** pnpm 10 takes these from a package.json. */
const IN_MANIFEST: ReadonlySet<string> = new Set(
  (
    'allowNonAppliedPatches allowBuilds allowUnusedPatches allowedDeprecatedVersions auditConfig configDependencies executionEnv ' +
    'ignorePatchFailures ignoredBuiltDependencies ignoredOptionalDependencies neverBuiltDependencies onlyBuiltDependencies ' +
    'onlyBuiltDependenciesFile overrides packageExtensions patchedDependencies peerDependencyRules requiredScripts ' +
    'supportedArchitectures updateConfig'
  ).split(' '),
);

function manifestLayer(root: string, author: AuthorOf): SettingsLayer[] {
  return MANIFESTS.flatMap((name) => {
    const file = join(root, name);
    const parse = name.endsWith('.yaml')
      ? (text: string): unknown => Object.fromEntries(yamlValues(text))
      : // JSON5 is read if it is JSON. pnpm itself fails at a package.json that is not.
        (text: string): unknown => JSON.parse(text.replace(/^\uFEFF/, ''));
    return fileLayer(file, author(file), (text) => {
      const own = Object.entries(asRecord(asRecord(parse(text))['pnpm']));
      return new Map(own.filter(([setting]) => IN_MANIFEST.has(setting)));
    });
  }).slice(0, 1);
}
