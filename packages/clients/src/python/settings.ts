/* Settings of pip, by `section.name`. Variables are in the section `:env:`, as pip has it. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileLayer, isFolder, readWithMark } from '../shared/files.ts';
import {
  knownValue,
  variableLayer,
  type Layers,
  type SettingsLayer,
  type SettingValues,
} from '../shared/layer.ts';
import type { ClientContext } from '../shared/where.ts';

/**
 * Variables, the file that PIP_CONFIG_FILE names, the user's, and those of all users. The file of a virtual environment is left out, because
 * it may be in the project.
 */
export function pipLayers(context: ClientContext): SettingsLayer[] {
  return [
    variableLayer(context.env, (variable) => {
      const name = /^PIP_(.*)$/s.exec(variable)?.[1]?.toLowerCase();
      return name === undefined || name === 'version' || name === 'help'
        ? undefined
        : `:env:.${pipName(name)}`;
    }),
    ...pipFiles(context).flatMap((file) => fileLayer(file, 'user', pipValues, readWithMark)),
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

/** The indexes in the settings of `pip install`. Without a first one, pip asks PyPI. */
export function pipIndexes(layers: Layers): {
  readonly index: string | undefined;
  readonly extra: readonly string[];
} {
  const get = (name: string): string => pipOption(layers, 'install', name);
  const extra = get('extra-index-url').split(/\s+/);
  return { index: get('index-url') || undefined, extra: extra.filter((url) => url !== '') };
}

/** Whether a switch of pip is on. With a text that is neither, pip ends with an error. */
export function isPipSwitchOn(text: string): boolean {
  return /^(?:y|yes|t|true|on|1)$/i.test(text);
}

/**
 * The settings in a file. A line that is indented continues the value above it.
 * @throws Error for a file with which pip ends.
 */
export function pipValues(text: string): SettingValues {
  const values = new Map<string, string>();
  let section: string | undefined;
  let key: string | undefined;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const content = line.trim();
    if (content === '' || /^[#;]/.test(content)) continue;
    const header = /^\[([^\]]+)\]/.exec(content)?.[1];
    const end = content.search(/[=:]/);
    if (key !== undefined && /^\s/.test(line))
      values.set(key, `${values.get(key)}\n${content}`.trimStart());
    else if (header !== undefined) [section, key] = [header, undefined];
    else if (section === undefined || end < 1) throw new Error('a line without a name');
    else {
      key = `${section}.${pipName(content.slice(0, end).trim())}`;
      values.set(key, content.slice(end + 1).trim());
    }
  }
  return values;
}

/** `_normalize_name` of pip: `INDEX_URL` and `--index-url` are `index-url`. */
function pipName(name: string): string {
  return name.toLowerCase().replaceAll('_', '-').replace(/^--/, '');
}

function pipFiles(context: ClientContext): string[] {
  const { env, folder, platform } = context;
  const configFile = env['PIP_CONFIG_FILE'];
  if (configFile === (platform === 'win32' ? 'nul' : '/dev/null')) return [];
  const namedFile =
    configFile === undefined || configFile === '' ? undefined : resolve(folder, configFile);
  const name = platform === 'win32' ? 'pip.ini' : 'pip.conf';
  return [
    ...(namedFile === undefined ? [] : [namedFile]),
    // pip reads no file of the user's beside a named one that exists.
    ...(namedFile !== undefined && existsSync(namedFile)
      ? []
      : userFolders(context).map((at) => join(at, name))),
    ...sharedFolders(context).map((at) => join(at, name)),
  ];
}

function userFolders({ env, home, platform, folder }: ClientContext): string[] {
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

function sharedFolders({ env, platform, folder }: ClientContext): string[] {
  if (platform === 'win32') return [join(env['ProgramData'] || 'C:\\ProgramData', 'pip')];
  if (platform === 'darwin') return ['/Library/Application Support/pip'];
  const configFolders = (folderList(env['XDG_CONFIG_DIRS']) ?? '/etc/xdg').split(':');
  return ['/etc', ...configFolders.map((at) => resolve(folder, at, 'pip')).toReversed()];
}

/** A variable of the XDG specification. White space alone counts as not set. */
function folderList(value: string | undefined): string | undefined {
  return value?.trim() === '' ? undefined : value;
}
