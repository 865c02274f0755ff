/* The user's settings of pnpm, in variables and in files of the home folder. */
import { isAbsolute, join, resolve } from 'node:path';
import { fileLayer, readWithMark } from '../files.ts';
import {
  isOwn,
  kebab,
  lookUp,
  variableLayer,
  type Author,
  type AuthorOf,
  type SettingsLayer,
  type SettingValues,
  type Layers,
} from '../layer.ts';
import { pathOfSetting, type Variables, type ClientContext } from '../where.ts';
import {
  inYamlNames,
  pnpmNpmrcValues,
  npmrcValuesOf10,
  parseIni,
  parseNativeIni,
  parseOldIni,
  settingOf10,
} from './npmrc.ts';
import { majorOf } from './version.ts';
import { pnpmVariables, yamlSettings } from './yaml-settings.ts';

/**
 * The folder with the user's settings. It can be relative to the folder in which pnpm runs. pnpm 12 takes an empty XDG_CONFIG_HOME for that
 * folder itself.
 */
function configFolder({ env, home, platform }: ClientContext, major: number): string {
  const { XDG_CONFIG_HOME: xdg, LOCALAPPDATA: local } = env;
  if (xdg || (xdg === '' && major > 11)) return join(xdg, 'pnpm');
  if (platform === 'darwin') return join(home, 'Library/Preferences/pnpm');
  return platform === 'win32' && local ? join(local, 'pnpm/config') : join(home, '.config/pnpm');
}

/** The user's settings for a version of pnpm, the strongest first. No file of a project is read. */
export function pnpmUserLayers(version: string, where: ClientContext): Layers {
  // A relative folder is in the project, so its files are not the user's own.
  if (majorOf(version) > 10) {
    const { variables, yaml, npmrcs } = userFilesFrom11(version, where);
    return [variables, ...yaml, ...npmrcs].filter(isOwn);
  }
  const variables = npmVariables(where.env);
  return [variables, ...userFilesOf10(where, [variables])].filter(isOwn);
}

const PROJECTS: AuthorOf = () => 'project';

export function userFilesOf10(
  where: ClientContext,
  stronger: Layers,
  authorOf: AuthorOf = PROJECTS,
): SettingsLayer[] {
  const file = (setting: string, usual: string, author: Author): SettingsLayer[] => {
    const found = lookUp(stronger, setting);
    if (typeof found?.value !== 'string') return npmrcOf10(usual, author, where);
    const path = pathOfSetting(found.value, where);
    const isUsers = found.origin.kind === 'variable' && /^[~/]|^[a-z]:/i.test(found.value);
    return npmrcOf10(path, isUsers ? author : authorOf(path), where);
  };
  const rc = join(configFolder(where, 10), 'rc');
  return [
    ...file('userconfig', join(where.home, '.npmrc'), 'user'),
    ...file('globalconfig', join(where.prefix, 'etc/npmrc'), 'user'),
    ...npmrcOf10(resolve(where.folder, rc), isAbsolute(rc) ? 'user' : authorOf(rc), where),
  ];
}

interface UserFiles {
  readonly variables: SettingsLayer;
  readonly yaml: Layers;
  readonly npmrcs: Layers;
  /** The path of the user's .npmrc. */
  readonly userFile: string;
}

export function userFilesFrom11(
  version: string,
  where: ClientContext,
  authorOf: AuthorOf = PROJECTS,
): UserFiles {
  const { env } = where;
  const folder = configFolder(where, majorOf(version));
  const author = (file: string): Author => (isAbsolute(folder) ? 'user' : authorOf(file));
  const config = resolve(where.folder, folder, 'config.yaml');
  const auth = resolve(where.folder, folder, 'auth.ini');
  const variables = pnpmVariables(version, env);
  const yaml = fileLayer(config, author(config), (text) =>
    yamlSettings(version, text, { env, isUsers: true }),
  );
  const named =
    [variables, ...yaml].flatMap((layer) => layer.values.get('npmrcAuthFile') ?? [])[0] ??
    env['npm_config_userconfig'] ??
    env['NPM_CONFIG_USERCONFIG'];
  const userFile =
    typeof named === 'string' && named !== ''
      ? pathOfSetting(named, where)
      : join(where.home, '.npmrc');
  const trusted = { env, isTrusted: true };
  return {
    variables,
    yaml,
    npmrcs: [
      ...npmrcFrom11(version, auth, { ...trusted, author: author(auth) }),
      ...npmrcFrom11(version, userFile, { ...trusted, author: 'user' }),
    ],
    userFile,
  };
}

/** pnpm 10 ignores a file with a variable that is not set. */
export function npmrcOf10(
  file: string,
  author: Author,
  { env }: ClientContext,
  isTrusted = true,
): SettingsLayer[] {
  const parse = (text: string): SettingValues => {
    const written = parseOldIni(text);
    try {
      return npmrcValuesOf10(written, env, isTrusted);
    } catch {
      return new Map();
    }
  };
  return fileLayer(file, author, parse, readWithMark);
}

/** pnpm 10 takes the variables of npm, in any letters. */
export function npmVariables(env: Variables): SettingsLayer {
  const layer = variableLayer(env, (name, value) => {
    const [, first, rest] = /^npm_config_(.)(.*)$/is.exec(name) ?? [];
    if (first === undefined || rest === undefined || value === '') return undefined;
    return (first + rest.replaceAll('_', '-')).toLowerCase();
  });
  const settings = [...layer.values].map(
    ([name, value]) => [name, settingOf10(name, value, env)] as const,
  );
  return {
    values: inYamlNames(settings),
    origin: (setting) => layer.origin(kebab(setting)),
  };
}

export function npmrcFrom11(
  version: string,
  file: string,
  options: { readonly env: Variables; readonly author: Author; readonly isTrusted: boolean },
): SettingsLayer[] {
  const parse = majorOf(version) < 12 ? parseIni : parseNativeIni;
  return fileLayer(file, options.author, (text) =>
    pnpmNpmrcValues(parse(text), options.env, options.isTrusted),
  );
}
