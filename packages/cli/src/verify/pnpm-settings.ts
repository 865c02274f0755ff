import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isMember } from '@tarwarden/host';
import { nearestWith } from '@tarwarden/host/folders-above';
import { stringify } from 'ini';
import {
  asRecord,
  isSetting,
  readNpmrc,
  readPnpmYaml,
  valuesOf,
  withVariables,
} from '@tarwarden/host/settings-files';
import { readManifest, type Settings } from './settings-files.ts';
import { projectManifest, type Taken, type Where } from './taken.ts';

const WORKSPACE = 'pnpm-workspace.yaml';
const PNPMFILES = ['.pnpmfile.mjs', '.pnpmfile.cjs'];

/** What makes a folder the one that pnpm runs in, where it is called in a folder below. */
const OF_A_PACKAGE = [
  'package.json',
  'package.json5',
  'package.yaml',
  'node_modules',
  WORKSPACE,
] as const;

/** Settings that name a file of the project. */
const PATHS: ReadonlySet<string> = new Set(['pnpmfile', 'globalpnpmfile']);

/** Settings that decide whether pnpm loads a pnpmfile, and which pnpm runs. */
const TAKEN: ReadonlySet<string> = new Set([
  ...PATHS,
  'ignorepnpmfile',
  'managepackagemanagerversions',
  'packagemanagerstrict',
  'packagemanagerstrictversion',
  'pmonfail',
]);

/** What pnpm reads of a project: the settings of its root, in the files that they stand in, and its pnpmfile. */
export function pnpmSettings({ cwd, env }: Where, wanted: object): Taken {
  const prefix = nearestWith(cwd, OF_A_PACKAGE) ?? cwd;
  const root = rootOf(prefix, env);
  const workspace = readPnpmYaml(join(root, WORKSPACE));
  const manifest = asRecord(readManifest(root)['pnpm']);
  const given = { ...manifest, ...workspace };
  const where = { root, env };
  const folder = resolve(root, lockfileDirOf(given, env));
  const settings = pick(workspace, where);
  const named = valuesOf(workspace, 'pnpmfile', env).some(
    (one) => one !== undefined && one !== null,
  );
  const plugins = pluginsOf(workspace, where);
  const links = Object.fromEntries(
    PNPMFILES.map((name) => [name, join(folder, name)]).filter(([, file = '']) => existsSync(file)),
  );
  if (plugins.length > 0) {
    // pnpm loads the plugins first, and then the project's pnpmfile.
    const own = named ? valuesOf(settings, 'pnpmfile', env).flat() : Object.values(links);
    settings['pnpmfile'] = [...plugins, ...own];
  }
  // The .npmrc of the package is above that of the workspace.
  const npmrc = {
    ...readNpmrc(join(root, '.npmrc'), env),
    ...readNpmrc(join(prefix, '.npmrc'), env),
  };
  const lines = stringify(pick(npmrc, where));
  const elsewhere =
    elsewhereOf(given, env) ??
    (valuesOf(manifest, 'configdependencies', env).length > 0
      ? '`configDependencies` in package.json is read by pnpm 10 alone: move it to pnpm-workspace.yaml'
      : undefined) ??
    elsewhereOfOne(npmrc, env) ??
    elsewhereOfOne(variablesOf(env), env) ??
    (isMember(root, prefix, workspace['packages'])
      ? undefined
      : '`packages` in pnpm-workspace.yaml is not known to name this folder, and pnpm from 11 on then installs it without the pnpmfile of the workspace');
  return {
    files: {
      'package.json': projectManifest({ ...wanted, pnpm: pick(manifest, where) }),
      [WORKSPACE]: JSON.stringify({ packages: ['.'], ...settings }),
      ...(lines !== '' && { '.npmrc': lines }),
    },
    links,
    ...(elsewhere !== undefined && { elsewhere }),
  };
}

/** Where settings are, and the variables that they name. */
interface SettingsFolder {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Names stay as they are written: some pnpm replace variables in them, and the pnpm of the trial reads them itself. */
function pick(settings: Settings, { root, env }: SettingsFolder): Record<string, unknown> {
  const is = (name: string, all: ReadonlySet<string>): boolean =>
    [...all].some((plain) => isSetting(name, plain, env));
  const picked = Object.entries(settings).filter(([name]) => is(name, TAKEN));
  return Object.fromEntries(
    picked.map(([name, value]) => [name, is(name, PATHS) ? absolute(value, { root, env }) : value]),
  );
}

function absolute(value: unknown, { root, env }: SettingsFolder): unknown {
  if (Array.isArray(value)) return value.map((one) => absolute(one, { root, env }));
  return typeof value === 'string' && value !== ''
    ? resolve(root, withVariables(value, env))
    : value;
}

/** The root of the workspace, which pnpm lets a variable name, else of the package. */
function rootOf(prefix: string, env: NodeJS.ProcessEnv): string {
  const named = env['NPM_CONFIG_WORKSPACE_DIR'] ?? env['npm_config_workspace_dir'];
  if (named !== undefined && named !== '') return resolve(prefix, named);
  return nearestWith(prefix, [WORKSPACE]) ?? prefix;
}

/** Settings that are in variables. */
function variablesOf(env: NodeJS.ProcessEnv): Settings {
  const all = Object.entries(env).map(([name, value]) => [
    /^p?npm_config_(.+)$/i.exec(name)?.[1] ?? '',
    value,
  ]);
  return Object.fromEntries(all.filter(([name]) => name !== '')) as Settings;
}

/** pnpmfiles of config dependencies. They lie where the last install of the project put them. */
function pluginsOf(settings: Settings, { root, env }: SettingsFolder): string[] {
  const names = valuesOf(settings, 'configdependencies', env).flatMap((one) =>
    Object.keys(asRecord(one)),
  );
  return names
    .filter((name) => /^(?:pnpm-plugin-|@pnpm\/plugin-|@[^/]+\/pnpm-plugin-)/.test(name))
    .toSorted()
    .map((name) => join(root, 'node_modules/.pnpm-config', name))
    .map((folder) => ['pnpmfile.mjs', 'pnpmfile.cjs'].map((name) => join(folder, name)))
    .map(([module = '', common = '']) => (existsSync(module) ? module : common));
}

function elsewhereOf(settings: Settings, env: NodeJS.ProcessEnv): string | undefined {
  if (valuesOf(settings, 'include', env).some((one) => one !== undefined && one !== null))
    return '`include` in pnpm-workspace.yaml names settings in other files, which this does not take over';
  return valuesOf(settings, 'sharedworkspacelockfile', env).some((one) => String(one) === 'false')
    ? '`sharedWorkspaceLockfile: false` has pnpm look for the pnpmfile in each package'
    : undefined;
}

/** Of an .npmrc and of variables: not every pnpm reads these there. */
function elsewhereOfOne(settings: Settings, env: NodeJS.ProcessEnv): string | undefined {
  if (valuesOf(settings, 'lockfiledir', env).length > 0)
    return '`lockfile-dir`, in .npmrc or a variable, has some versions of pnpm look for the pnpmfile in another folder';
  return valuesOf(settings, 'sharedworkspacelockfile', env).some((one) => String(one) === 'false')
    ? '`shared-workspace-lockfile`, in .npmrc or a variable, has some versions of pnpm look for the pnpmfile in each package'
    : undefined;
}

/** The folder in which pnpm looks for the pnpmfile, as the project names it. */
function lockfileDirOf(settings: Settings, env: NodeJS.ProcessEnv): string {
  const named = valuesOf(settings, 'lockfiledir', env).find((one) => typeof one === 'string');
  return typeof named === 'string' ? withVariables(named, env) : '.';
}
