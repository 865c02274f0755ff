/* Which files of settings there are: the user's own, and those beside the lockfile. */
import { dirname, isAbsolute, join } from 'node:path';
import { printable } from '@tarwarden/core/text';
import type { LockfileKind } from '@tarwarden/lockfiles';
import { npmrcEntries, readSettingsText, yarnrcEntries } from './files.ts';
import { maySendTo, Registries } from './registries.ts';
import {
  projectSettings,
  userSettings,
  type Entries,
  type Settings,
  type Variables,
} from './settings.ts';
import { homeOf } from './home.ts';

export interface LoadedSettings {
  registriesFor(kind: LockfileKind): Registries;
  /** npm's cache, as the user has configured it; else its usual place is meant. */
  readonly npmCache: string | undefined;
  /** Folder of Yarn 2 and newer for what projects share. */
  readonly yarnGlobal: string;
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
  const user = npmFiles(home, env, inherited).map((path) => fromFile(path, env));
  const variables = inherited
    ? projectSettings(npmVariables(env), env, maySendTo(user))
    : userSettings(npmVariables(env), env);
  const own = inherited ? user : [...user, variables];
  const project = readProject(folder, '.npmrc', npmrcEntries);
  const npm = projectSettings(project, env, maySendTo(own));
  const all = [...user, npm, variables];

  const yarnOwn = [yarnFile(join(home, '.yarnrc.yml'), env), userSettings(yarnVariables(env), env)];
  const yarnProject = projectSettings(
    readProject(folder, '.yarnrc.yml', yarnrcEntries),
    env,
    maySendTo(yarnOwn),
  );
  const yarn = new Registries([yarnOwn[0]!, yarnProject, yarnOwn[1]!], yarnOwn);
  const others = new Registries(all, own);
  const globalFolder = env['YARN_GLOBAL_FOLDER'] ?? yarnOwn[0]!.globalFolder;
  return {
    registriesFor: (kind) => (kind === 'yarn-berry' ? yarn : others),
    npmCache: all.findLast((one) => one.cache !== undefined)?.cache,
    yarnGlobal: globalFolder ?? defaultYarnFolder(home, env),
    notes: notesOf([npm, '.npmrc'], [yarnProject, '.yarnrc.yml']),
  };
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
  const config = env['XDG_CONFIG_HOME'];
  const pnpm = join(
    config !== undefined && isAbsolute(config) ? config : join(home, '.config'),
    'pnpm',
  );
  return [
    named('globalconfig') ?? join(prefix, 'etc', 'npmrc'),
    named('userconfig') ?? join(home, '.npmrc'),
    join(pnpm, 'rc'),
    join(pnpm, 'auth.ini'),
  ];
}

function fromFile(path: string, env: Variables): Settings {
  return withAuthorities(userSettings(read(path, true, npmrcEntries), env));
}

function yarnFile(path: string, env: Variables): Settings {
  return withAuthorities(userSettings(read(path, true, yarnrcEntries), env));
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

/** `npm_config_some_setting`, in any case. */
function npmVariables(env: Variables): Entries {
  return Object.entries(env).flatMap(([name, value]): [string, unknown][] => {
    const key = /^npm_config_(.+)$/i.exec(name)?.[1];
    if (key === undefined || value === '') return [];
    return [[/^(?:@|\/\/)/.test(key) ? key : key.toLowerCase().replaceAll('_', '-'), value]];
  });
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
