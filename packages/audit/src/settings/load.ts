/* Which files of settings there are: the user's own, and those beside the lockfile. */
import { dirname, isAbsolute, join } from 'node:path';
import { printable } from '@tarwarden/core/text';
import type { LockfileKind } from '@tarwarden/lockfiles';
import { bunUserFiles } from '@tarwarden/settings';
import { bunfigEntries } from './bunfig.ts';
import { npmrcEntries, placeOf, readSettingsText, yarnrcEntries } from './files.ts';
import { fromHome, homeOf } from './home.ts';
import { pnpmYamlEntries } from './pnpm-yaml.ts';
import { projectCaches, type ProjectCaches } from './project-caches.ts';
import { maySendTo, Registries } from './registries.ts';
import {
  projectSettings,
  userSettings,
  type Entries,
  type Settings,
  type Variables,
} from './settings.ts';

export interface LoadedSettings {
  registriesFor(kind: LockfileKind): Registries;
  /** npm's cache, as the user has configured it; else its usual place is meant. */
  readonly npmCache: string | undefined;
  /** Folder of Yarn 2 and newer for what projects share. */
  readonly yarnGlobal: string;
  /** Folders of zips that the user has named. */
  readonly yarnCaches: readonly string[];
  /** Stores of pnpm and caches of bun that the user has named. */
  readonly pnpmStores: readonly string[];
  readonly bunCaches: readonly string[];
  readonly project: ProjectCaches;
  /** What a person should know, one line each, escaped. */
  readonly notes: readonly string[];
}

/**
 * @param folder That of a project; without one, only the user's own settings hold.
 * @throws TarwardenError where a file of settings is there and cannot be read.
 */
export function loadSettings(folder: string | undefined, env: Variables): LoadedSettings {
  const home = homeOf(env);
  // A manager hands its own settings, the project's among them, to what it runs: then they are not the user's alone.
  const inherited = MARKS_OF_A_MANAGER.some((name) => env[name] !== undefined);
  const user = npmFiles(home, env, inherited).map((path) => fromFile(path, env, npmrcEntries));
  const variablesOf = (entries: Entries): Settings =>
    inherited ? projectSettings(entries, env, maySendTo(user)) : userSettings(entries, env);
  const variables = variablesOf(variablesNamed('npm', env));
  const own = inherited ? user : [...user, variables];
  const npmrc = readProject(folder, '.npmrc', npmrcEntries);
  const npm = projectSettings(npmrc, env, maySendTo(own));
  const basis = { own, user, npm, variables, folder, env };

  const yarnOwn = [
    fromFile(join(home, '.yarnrc.yml'), env, yarnrcEntries),
    userSettings(yarnVariables(env), env),
  ];
  const yarnrc = readProject(folder, '.yarnrc.yml', yarnrcEntries);
  const yarnProject = projectSettings(yarnrc, env, maySendTo(yarnOwn));
  const yarn = new Registries([yarnOwn[0]!, yarnProject, yarnOwn[1]!], yarnOwn);
  const others = new Registries([...user, npm, variables], own);
  const pnpm = layered(basis, {
    user: join(pnpmFolder(home, env), 'config.yaml'),
    project: 'pnpm-workspace.yaml',
    entriesOf: pnpmYamlEntries,
    variables: variablesOf(variablesNamed('pnpm', env)),
    inherited,
  });
  const bun = layered(basis, {
    user: bunUserFiles({ env, folder: '.', platform: process.platform }).bunfig,
    project: 'bunfig.toml',
    entriesOf: bunfigEntries,
    variables: userSettings(bunVariables(env), env),
    inherited: false,
  });
  const paths = (all: readonly (string | undefined)[]): string[] =>
    all.filter((path) => path !== undefined).map((path) => fromHome(path, home));
  const [npmCache] = paths([
    [...user, variables].findLast((one) => one.cache !== undefined)?.cache,
  ]);
  const [globalFolder] = paths([env['YARN_GLOBAL_FOLDER'] ?? yarnOwn[0]!.globalFolder]);
  return {
    registriesFor: (kind) =>
      kind === 'yarn-berry'
        ? yarn
        : kind === 'pnpm-lock'
          ? pnpm.registries
          : kind === 'bun'
            ? bun.registries
            : others,
    npmCache,
    yarnGlobal: globalFolder ?? defaultYarnFolder(home, env),
    yarnCaches: paths([env['YARN_CACHE_FOLDER'], yarnOwn[0]!.cacheFolder]),
    pnpmStores: paths([...own, ...pnpm.own].map((one) => one.storeDir)),
    bunCaches: paths(bun.own.map((one) => one.cache)),
    project: projectCaches(folder, { npmrc, yarnrc }),
    notes: notesOf(
      [npm, '.npmrc'],
      [yarnProject, '.yarnrc.yml'],
      [pnpm.project, 'pnpm-workspace.yaml'],
      [bun.project, 'bunfig.toml'],
    ),
  };
}

/** What npm's files and variables say, for managers that read them too. */
interface Basis {
  readonly own: readonly Settings[];
  readonly user: readonly Settings[];
  readonly npm: Settings;
  readonly variables: Settings;
  readonly folder: string | undefined;
  readonly env: Variables;
}

interface Layer {
  /** The user's own file. Undefined if the manager looks for none. */
  readonly user: string | undefined;
  /** Name of the project's. */
  readonly project: string;
  readonly entriesOf: (text: string, path: string, env?: Variables) => Entries;
  readonly variables: Settings;
  /** Whether the variables may be a repository's. */
  readonly inherited: boolean;
}

interface Layered {
  readonly registries: Registries;
  /** Those of the user's own that are this manager's alone. */
  readonly own: readonly Settings[];
  readonly project: Settings;
}

/** A manager whose own files override those of npm, which it also reads; the project's own overrides the user's. */
function layered(basis: Basis, layer: Layer): Layered {
  const { env, folder } = basis;
  const user =
    layer.user === undefined ? userSettings([], env) : fromFile(layer.user, env, layer.entriesOf);
  const own = layer.inherited ? [user] : [user, layer.variables];
  const all = [...basis.own, ...own];
  const project = projectSettings(
    readProject(folder, layer.project, layer.entriesOf),
    env,
    maySendTo(all),
  );
  const order = [...basis.user, basis.npm, user, project, basis.variables, layer.variables];
  return { registries: new Registries(order, all), own, project };
}

function notesOf(...files: readonly (readonly [Settings, string])[]): string[] {
  return files.flatMap(([{ registry, scopes, ignored }, name]) => [
    ...[...new Set([registry, ...Object.values(scopes)])]
      .filter((one) => one !== undefined)
      .map((one) => `the project's ${name} sets the registry ${printable(one)}`),
    ...ignored.map(
      (key) =>
        `${printable(key)} in the project's ${name} has a variable, and does not count: set it in your own file`,
    ),
  ]);
}

/** Set by npm, pnpm and Yarn 1 for what they run. */
const MARKS_OF_A_MANAGER = [
  'npm_config_local_prefix',
  'npm_lifecycle_event',
  'npm_execpath',
  'npm_command',
] as const;

/** npm's global file and the user's, then those of pnpm. Managers write variables in lower case. */
function npmFiles(home: string, env: Variables, inherited: boolean): string[] {
  const named = (name: 'userconfig' | 'globalconfig'): string | undefined =>
    env[`NPM_CONFIG_${name.toUpperCase()}`] ?? (inherited ? undefined : env[`npm_config_${name}`]);
  const prefix = dirname(dirname(process.execPath));
  const pnpm = pnpmFolder(home, env);
  return [
    named('globalconfig') ?? join(prefix, 'etc', 'npmrc'),
    named('userconfig') ?? join(home, '.npmrc'),
    join(pnpm, 'rc'),
    join(pnpm, 'auth.ini'),
  ];
}

function fromFile(path: string, env: Variables, entriesOf: Layer['entriesOf']): Settings {
  const entries = read(path, true, (text, name) => entriesOf(text, name, env));
  return withAuthorities(userSettings(entries, env));
}

/** With the authorities that a file of the user's own names. One that cannot be read must not widen whom we trust. */
function withAuthorities(settings: Settings): Settings {
  const { cafile, network } = settings;
  if (cafile === undefined || network.ca !== undefined) return settings;
  const text = readSettingsText(cafile, { follow: true });
  return text === undefined ? settings : { ...settings, network: { ...network, ca: [text] } };
}

function readProject(
  folder: string | undefined,
  name: string,
  entriesOf: (text: string, path: string) => Entries,
): Entries {
  return folder === undefined ? [] : read(join(folder, name), false, entriesOf);
}

function read(
  path: string,
  follow: boolean,
  entriesOf: (text: string, path: string) => Entries,
): Entries {
  const text = readSettingsText(path, { follow });
  return text === undefined ? [] : entriesOf(text, path);
}

function pnpmFolder(home: string, env: Variables): string {
  const config = env['XDG_CONFIG_HOME'];
  return join(config !== undefined && isAbsolute(config) ? config : join(home, '.config'), 'pnpm');
}

/** `npm_config_some_setting`, in any case, and those of pnpm 11 and newer. */
function variablesNamed(manager: 'npm' | 'pnpm', env: Variables): Entries {
  return Object.entries(env).flatMap(([name, value]): [string, unknown][] => {
    const [, of = '', key = ''] = /^(npm|pnpm)_config_(.+)$/i.exec(name) ?? [];
    if (of.toLowerCase() !== manager || value === '') return [];
    return [[/^(?:@|\/\/)/.test(key) ? key : key.toLowerCase().replaceAll('_', '-'), value]];
  });
}

function bunVariables(env: Variables): Entries {
  const registry = env['BUN_CONFIG_REGISTRY'];
  const place = placeOf(registry ?? 'https://registry.npmjs.org/');
  return [
    ['registry', registry],
    [`${place}:_authToken`, env['BUN_CONFIG_TOKEN']],
  ];
}

function yarnVariables(env: Variables): Entries {
  const registry = env['YARN_NPM_REGISTRY_SERVER'];
  const token = env['YARN_NPM_AUTH_TOKEN'];
  const lines = { npmRegistryServer: registry, npmAuthToken: token };
  return yarnrcEntries(JSON.stringify(lines), 'the environment');
}

function defaultYarnFolder(home: string, env: Variables): string {
  const local = env['LOCALAPPDATA'];
  return process.platform === 'win32'
    ? join(local ?? join(home, 'AppData', 'Local'), 'Yarn', 'Berry')
    : join(home, '.yarn', 'berry');
}
