import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { isMember } from '@tarwarden/host';
import { stringify } from 'ini';
import { DEFAULT_SCHEMA } from 'js-yaml';
import {
  asRecord,
  nearestWith,
  plainName,
  readManifest,
  readNpmrc,
  readSettings,
  type Settings,
} from './settings-files.ts';
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
  const prefix = nearestWith(cwd, ...OF_A_PACKAGE) ?? cwd;
  const root = rootOf(prefix, env);
  // pnpm takes what `<<` merges, which is in no schema but this.
  const workspace = readSettings(join(root, WORKSPACE), DEFAULT_SCHEMA);
  const manifest = asRecord(readManifest(root)['pnpm']);
  const given = { ...manifest, ...workspace };
  const folder = resolve(root, textOf(given, 'lockfiledir') ?? '.');
  const settings = pick(workspace, root);
  const named = valueOf(given, 'pnpmfile') !== undefined;
  const plugins = pluginsOf(given, root);
  const links = Object.fromEntries(
    PNPMFILES.map((name) => [name, join(folder, name)]).filter(([, file = '']) => existsSync(file)),
  );
  if (plugins.length > 0) {
    // pnpm loads the plugins first, and then the project's pnpmfile.
    const own = named ? [settings['pnpmfile']].flat() : Object.values(links);
    settings['pnpmfile'] = [...plugins, ...own];
  }
  // The .npmrc of the package is above that of the workspace.
  const npmrc = {
    ...readNpmrc(join(root, '.npmrc'), env),
    ...readNpmrc(join(prefix, '.npmrc'), env),
  };
  const lines = stringify(pick(npmrc, root));
  const elsewhere =
    elsewhereOf(given) ??
    elsewhereOfOne(npmrc) ??
    elsewhereOfOne(variablesOf(env)) ??
    (isMember(root, prefix, workspace['packages'])
      ? undefined
      : '`packages` in pnpm-workspace.yaml is not known to name this folder, and pnpm from 11 on then installs it without the pnpmfile of the workspace');
  return {
    files: {
      'package.json': projectManifest({ ...wanted, pnpm: pick(manifest, root) }),
      [WORKSPACE]: JSON.stringify({ packages: ['.'], ...settings }),
      ...(lines !== '' && { '.npmrc': lines }),
    },
    links,
    ...(elsewhere !== undefined && { elsewhere }),
  };
}

function pick(settings: Settings, root: string): Record<string, unknown> {
  const picked = Object.entries(settings).filter(([name]) => TAKEN.has(plainName(name)));
  return Object.fromEntries(
    picked.map(([name, value]) => [
      name,
      PATHS.has(plainName(name)) ? absolute(value, root) : value,
    ]),
  );
}

function absolute(value: unknown, root: string): unknown {
  if (Array.isArray(value)) return value.map((one) => absolute(one, root));
  return typeof value === 'string' && value !== '' && !isAbsolute(value)
    ? resolve(root, value)
    : value;
}

/** The root of the workspace, which pnpm lets a variable name, else of the package. */
function rootOf(prefix: string, env: NodeJS.ProcessEnv): string {
  const named = env['NPM_CONFIG_WORKSPACE_DIR'] ?? env['npm_config_workspace_dir'];
  if (named !== undefined && named !== '') return resolve(prefix, named);
  return nearestWith(prefix, WORKSPACE) ?? prefix;
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
function pluginsOf(settings: Settings, root: string): string[] {
  const names = Object.keys(asRecord(valueOf(settings, 'configdependencies')));
  return names
    .filter((name) => /^(?:pnpm-plugin-|@pnpm\/plugin-|@[^/]+\/pnpm-plugin-)/.test(name))
    .toSorted()
    .map((name) => join(root, 'node_modules/.pnpm-config', name))
    .map((folder) => ['pnpmfile.mjs', 'pnpmfile.cjs'].map((name) => join(folder, name)))
    .map(([module = '', common = '']) => (existsSync(module) ? module : common));
}

function elsewhereOf(settings: Settings): string | undefined {
  const include = valueOf(settings, 'include');
  if (include !== undefined && include !== null)
    return '`include` in pnpm-workspace.yaml names settings in other files, which this does not take over';
  const shared = valueOf(settings, 'sharedworkspacelockfile');
  return shared === false || shared === 'false'
    ? '`sharedWorkspaceLockfile: false` has pnpm look for the pnpmfile in each package'
    : undefined;
}

/** Of an .npmrc and of variables: not every pnpm reads these there. */
function elsewhereOfOne(settings: Settings): string | undefined {
  if (valueOf(settings, 'lockfiledir') !== undefined)
    return '`lockfile-dir`, in .npmrc or a variable, has some versions of pnpm look for the pnpmfile in another folder';
  return String(valueOf(settings, 'sharedworkspacelockfile')) === 'false'
    ? '`shared-workspace-lockfile`, in .npmrc or a variable, has some versions of pnpm look for the pnpmfile in each package'
    : undefined;
}

function valueOf(settings: Settings, plain: string): unknown {
  return Object.entries(settings).find(([name]) => plainName(name) === plain)?.[1];
}

function textOf(settings: Settings, plain: string): string | undefined {
  const value = valueOf(settings, plain);
  return typeof value === 'string' ? value : undefined;
}
