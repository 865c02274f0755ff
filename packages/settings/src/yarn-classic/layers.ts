import { dirname, join, resolve } from 'node:path';
import { foldersAbove, nearestWith } from '@tarwarden/host/folders-above';
import { realAsFar } from '@tarwarden/host/real-path';
import { fileLayer, isFolder, withPaths } from '../files.ts';
import { authorsFor } from '../author.ts';
import { variableLayer, type SettingsLayer, type SettingValues } from '../layer.ts';
import { npmrcValues } from '../npm/npmrc.ts';
import type { Variables, ClientContext } from '../where.ts';
import { yamlClassicValues, yarnrcClassicValues } from './yarnrc.ts';

/** The words of a command line, which may name files: `--use-yarnrc FILE`, `--no-default-rc`. */
type Arguments = readonly string[];

/** Yarn 1 has its own values for these settings, so it does not read them from an .npmrc. */
const NEVER_OF_NPM =
  /^(?:version-(?:tag-prefix|git-tag|commit-hooks|git-sign|git-message)|init-(?:version|license)|save-prefix|bin-links|ignore-(?:scripts|optional)|registry|strict-ssl|user-agent)$/;

/** The settings of Yarn 1: from each .yarnrc, then from each .npmrc. */
export function yarnClassicLayers(where: ClientContext, args: Arguments = []): SettingsLayer[] {
  const yarnrcs = [...namedFiles(where, args), ...filesOf(where, args, 'yarnrc')];
  return [
    variablesOf(where.env, 'yarn_'),
    ...layersOf(where, yarnrcs, (text, file) =>
      resolved(yarnrcClassicValues(text), file, PATHS_IN_YARNRC),
    ),
    ...[
      variablesOf(where.env, 'npm_config_'),
      ...layersOf(where, filesOf(where, args, 'npmrc'), (text, file) =>
        resolved(npmrcValues(text, where.env).values, file, /^yarn-offline-mirror$/),
      ),
    ].map(withoutOwn),
  ];
}

/** Options in files: lines that Yarn 1 adds to its command line, such as `--install.ignore-scripts`, and the Yarn that it runs in its place, `yarn-path`. */
export function yarnClassicOptions(where: ClientContext, args: Arguments = []): SettingsLayer[] {
  const { env, home, platform } = where;
  const config =
    platform === 'win32' && env['LOCALAPPDATA']
      ? join(env['LOCALAPPDATA'], 'Yarn', 'Config')
      : join(env['XDG_CONFIG_HOME'] || join(yarnClassicFolder(where), '.config'), 'yarn');
  const standard = [
    ...(env['YARN_CONFIG'] ? [resolve(where.folder, env['YARN_CONFIG'])] : []),
    ...['.yarnrc.yml', '.yarnrc', '.yarn/config', '.config/yarn', '.config/yarn/config'].map(
      (name) => join(home, name),
    ),
    config,
    ...(platform === 'win32' ? [] : ['/etc/yarnrc', '/etc/yarn/config']),
    ...foldersAbove(realAsFar(where.folder)).flatMap((folder) =>
      ['.yarnrc.yml', '.yarnrc'].map((name) => join(folder, name)),
    ),
  ];
  const files = [...namedFiles(where, args), ...(args.includes('--no-default-rc') ? [] : standard)];
  const found = [...new Set(files)].filter((file) => !isFolder(file));
  return layersOf(where, found, options);
}

function options(text: string, file: string): SettingValues {
  const isYaml = file.endsWith('.yml');
  const values = isYaml ? yamlClassicValues(text) : yarnrcClassicValues(text);
  const path = isYaml ? values.get('yarnPath') : undefined;
  // If a .yarnrc.yml has yarnPath, nothing else in it counts.
  const counting = typeof path === 'string' ? new Map([['yarn-path', path]]) : values;
  return resolved(counting, file, PATHS_IN_OPTIONS);
}

const PATHS_IN_OPTIONS =
  /^(?:--)?(?:[^.]+\.)*(?:yarn-path|cache-folder|global-folder|modules-folder|cwd|offline-cache-folder)$/;
const PATHS_IN_YARNRC =
  /^(?:yarn-offline-mirror|cache-folder|global-folder|offline-cache-folder|yarn-path)$/;

/** Paths are relative to the folder of the file. */
function resolved(values: SettingValues, file: string, paths: RegExp): SettingValues {
  return withPaths(values, paths, (path) => resolve(dirname(file), path));
}

/** The files of settings that Yarn 1 finds by itself, the strongest first. */
function filesOf(where: ClientContext, args: Arguments, name: 'yarnrc' | 'npmrc'): string[] {
  if (args.includes('--no-default-rc')) return [];
  const { env, home, platform, prefix } = where;
  const start = realAsFar(where.folder);
  const project = nearestWith(start, ['package.json']) ?? start;
  const variable = name === 'npmrc' ? 'npm_config_userconfig' : 'yarn_userconfig';
  const user = Object.entries(env).find(
    ([name, value]) => name.toLowerCase() === variable && value,
  );
  const above = foldersAbove(project).filter((folder) => platform === 'win32' || folder !== '/');
  return [
    ...new Set([
      join(project, `.${name}`),
      user?.[1] === undefined
        ? join(yarnClassicFolder(where), `.${name}`)
        : resolve(start, user[1]),
      join(prefix, 'etc', name),
      join(home, `.${name}`),
      ...above.map((folder) => join(folder, `.${name}`)),
    ]),
  ];
}

/** The folder with the user's own files of Yarn 1. For root it is not the home folder. */
export function yarnClassicFolder({ env, home }: Pick<ClientContext, 'env' | 'home'>): string {
  return process.getuid?.() === 0 && !env['FAKEROOTKEY'] ? '/usr/local/share' : home;
}

function layersOf(
  where: ClientContext,
  files: readonly string[],
  parse: (text: string, file: string) => SettingValues,
): SettingsLayer[] {
  const authorOf = authorsFor(where);
  return files.flatMap((file) => fileLayer(file, authorOf(file), (text) => parse(text, file)));
}

/** `YARN_CACHE_FOLDER` and `yarn_cache_folder` are cache-folder. */
function variablesOf(env: Variables, prefix: string): SettingsLayer {
  return variableLayer(env, (variable, text) => {
    const name = variable.toLowerCase();
    if (!name.startsWith(prefix)) return undefined;
    const setting = name
      .slice(prefix.length)
      .replaceAll('__', '.')
      .replaceAll(/([^_])_/g, '$1-');
    return [setting, text === 'true' || text === 'false' ? text === 'true' : text];
  });
}

function withoutOwn(layer: SettingsLayer): SettingsLayer {
  const values = [...layer.values].filter(([name]) => !NEVER_OF_NPM.test(name));
  return { ...layer, values: new Map(values) };
}

/** The files of `--use-yarnrc`, the strongest first. */
function namedFiles({ folder }: ClientContext, args: Arguments): string[] {
  const option = '--use-yarnrc';
  const files = args.flatMap((word, at) => {
    if (word.startsWith(`${option}=`)) return [word.slice(option.length + 1)];
    const value = word === option ? args[at + 1] : undefined;
    return value === undefined || value.startsWith('-') ? [] : [value];
  });
  return files.toReversed().map((file) => resolve(folder, file));
}
