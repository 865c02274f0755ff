import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileLayer, isFolder, readWithMark } from '../files.ts';
import { authorsFor } from '../author.ts';
import { knownValue, variableLayer, type SettingsLayer, type Layers } from '../layer.ts';
import { pathOfSetting, type ClientContext } from '../where.ts';
import { PYTHON_SPACE, pipName, pipValues } from './config-parser.ts';

/** pip's settings by `section.name`. Variables are in the section `:env:`, as pip has it. */
export interface PipWhere extends ClientContext {
  /** `sys.prefix` of the Python that runs pip. Undefined if it is not known: then the file of the virtual environment is left out. */
  readonly pythonPrefix?: string | undefined;
}

/** Variables, the file that PIP_CONFIG_FILE names, that of the virtual environment, the user's, and those of all users. */
export function pipLayers(where: PipWhere): SettingsLayer[] {
  const authorOf = authorsFor(where);
  return [
    variableLayer(where.env, (variable) => {
      const name = /^PIP_(.*)$/s.exec(variable)?.[1]?.toLowerCase();
      return name === undefined || name === 'version' || name === 'help'
        ? undefined
        : `:env:.${pipName(name)}`;
    }),
    ...pipFiles(where).flatMap((file) => fileLayer(file, authorOf(file), pipValues, readWithMark)),
  ];
}

/** The text of an option in force for a command of pip. A variable is stronger than `[install]`, and this than `[global]`. */
export function pipOption(layers: Layers, command: string, name: string): string {
  for (const section of [':env:', command, 'global']) {
    // An empty text hides what weaker files have in the same section, and pip then looks in the next section.
    const value = knownValue(layers, `${section}.${name}`);
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}

/** The texts of an option that pip takes as a list. */
export function pipWords(text: string): string[] {
  return text.split(PYTHON_SPACE).filter((word) => word !== '');
}

/** The indexes in the settings of `pip install`. Without a first one, pip asks PyPI. */
export function pipIndexes(layers: Layers): {
  readonly index: string | undefined;
  readonly extra: readonly string[];
} {
  const get = (name: string): string => pipOption(layers, 'install', name);
  return { index: get('index-url') || undefined, extra: pipWords(get('extra-index-url')) };
}

/** Whether a switch of pip is on. With a text that is neither, pip ends with an error. */
export function isPipSwitchOn(text: string): boolean {
  return /^(?:y|yes|t|true|on|1)$/i.test(text);
}

function pipFiles(where: PipWhere): string[] {
  const { env, folder, platform, pythonPrefix } = where;
  const named = env['PIP_CONFIG_FILE'];
  if (named === (platform === 'win32' ? 'nul' : '/dev/null')) return [];
  const own = named === undefined || named === '' ? undefined : resolve(folder, named);
  const name = platform === 'win32' ? 'pip.ini' : 'pip.conf';
  return [
    ...(own === undefined ? [] : [own]),
    ...(pythonPrefix === undefined ? [] : [join(pythonPrefix, name)]),
    // pip reads no file of the user's beside a named one that exists.
    ...(own !== undefined && existsSync(own) ? [] : userFolders(where).map((at) => join(at, name))),
    ...sharedFolders(where).map((at) => join(at, name)),
  ];
}

function userFolders({ env, home, platform, folder }: PipWhere): string[] {
  if (platform === 'win32')
    return [join(env['APPDATA'] || join(home, 'AppData', 'Roaming'), 'pip'), join(home, 'pip')];
  const legacy = join(home, '.pip');
  const usual = join(home, '.config', 'pip');
  if (platform === 'darwin') {
    const support = join(home, 'Library', 'Application Support', 'pip');
    return [isFolder(support) ? support : usual, legacy];
  }
  const xdg = folderList(env['XDG_CONFIG_HOME']);
  return [xdg === undefined ? usual : resolve(folder, xdg, 'pip'), legacy];
}

function sharedFolders({ env, platform, folder }: PipWhere): string[] {
  if (platform === 'win32') return [join(env['ProgramData'] || 'C:\\ProgramData', 'pip')];
  if (platform === 'darwin') return ['/Library/Application Support/pip'];
  const listed = (folderList(env['XDG_CONFIG_DIRS']) ?? '/etc/xdg').split(':');
  return ['/etc', ...listed.map((at) => resolve(folder, at, 'pip')).toReversed()];
}

/** A variable of the XDG specification. White space alone counts as not set. */
function folderList(value: string | undefined): string | undefined {
  return pipWords(value ?? '').length === 0 ? undefined : value;
}

/** `sys.prefix` of a program in a virtual environment. Undefined for a program of the system. */
export function virtualEnvironmentOf(program: string): string | undefined {
  const folder = dirname(dirname(program));
  return existsSync(join(folder, 'pyvenv.cfg')) ? folder : undefined;
}

/** The folder of pip's cache. The settings of a virtual environment do not count, because it may be in the project. */
export function pipCache(where: ClientContext): string {
  const named = pipOption(pipLayers(where), 'install', 'cache-dir');
  if (named !== '') return pathOfSetting(named, where);
  const { env, home } = where;
  const local = env['LOCALAPPDATA'];
  if (process.platform === 'win32' && local !== undefined) return join(local, 'pip', 'Cache');
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'pip');
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'pip');
}
