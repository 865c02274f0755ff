/* Settings of go, as `go env` has them, for a caller that must not start go: `go env` in a repository may download a toolchain. */
import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileLayer, isFolder, readWithMark } from '../files.ts';
import { authorsFor } from '../author.ts';
import {
  knownValue,
  variableLayer,
  type SettingsLayer,
  type SettingValues,
  type Layers,
} from '../layer.ts';
import type { ClientContext, Variables } from '../where.ts';

/** Defaults of a go before 1.21, which has no file of the installation. They count as well where there is no go. */
const DEFAULTS: SettingsLayer = {
  values: new Map([['GOPROXY', 'https://proxy.golang.org,direct']]),
  origin: () => ({ kind: 'default' }),
};

export function goLayers(where: ClientContext): SettingsLayer[] {
  const { env } = where;
  const file = userFile(where);
  const own =
    file === undefined ? [] : fileLayer(file, authorsFor(where)(file), goValues, readWithMark);
  const named = own[0]?.values.get('GOROOT');
  const root = (typeof named === 'string' ? named : '') || env['GOROOT'] || rootOnPath(env);
  const shared =
    root === undefined
      ? []
      : fileLayer(resolve(root, 'go.env'), 'user', firstGoValues, readWithMark);
  return [
    // An empty variable is not set.
    variableLayer(env, (name, value) => (value === '' ? undefined : name)),
    ...own,
    ...(shared.length === 0 && (root === undefined || isRoot(root)) ? [DEFAULTS] : shared),
  ];
}

/**
 * The setting in force, or its default. An empty text in a file is a value as well: it hides the one of the installation.
 * @throws TarwardenError if a file cannot be read. go goes on without it.
 */
export function goSetting(
  layers: Layers,
  { home }: Pick<ClientContext, 'home'>,
  name: string,
): string {
  const value = knownValue(layers, name);
  const text = typeof value === 'string' ? value : '';
  if (text !== '') return text;
  const get = (other: string): string => goSetting(layers, { home }, other);
  if (name === 'GONOPROXY' || name === 'GONOSUMDB') return get('GOPRIVATE');
  if (name === 'GOAUTH') return 'netrc';
  if (name === 'GOPATH') return join(home, 'go');
  if (name !== 'GOMODCACHE') return '';
  const [first = ''] = get('GOPATH').split(delimiter);
  return first === '' ? '' : join(first, 'pkg', 'mod');
}

function userFile({ env, folder, home, platform }: ClientContext): string | undefined {
  const named = env['GOENV'] ?? '';
  if (named === 'off') return undefined;
  if (named !== '') return resolve(folder, named);
  const config = configFolder(env, home, platform);
  return config ? join(config, 'go', 'env') : undefined;
}

/** The same as os.UserConfigDir of go. Undefined if that is an error. */
function configFolder(env: Variables, home: string, platform: string): string | undefined {
  if (platform === 'win32') return env['AppData'] ?? env['APPDATA'];
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  const xdg = env['XDG_CONFIG_HOME'];
  if (!xdg) return join(home, '.config');
  return isAbsolute(xdg) ? xdg : undefined;
}

/** The installation of the go on the PATH: distributions set GOPROXY there. */
function rootOnPath(env: Variables): string | undefined {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    try {
      const file = join(folder, process.platform === 'win32' ? 'go.exe' : 'go');
      accessSync(file, constants.X_OK);
      // The second is a link such as /usr/bin/go.
      const roots = [file, realpathSync(file)].map((program) => dirname(dirname(program)));
      return roots.find(isRoot) ?? roots[1];
    } catch {
      // It is in another folder, or nowhere.
    }
  }
  return undefined;
}

function isRoot(folder: string): boolean {
  return isFolder(join(folder, 'pkg', 'tool'));
}

/** `NAME=value` lines. Nothing is trimmed: a value may end with a carriage return. */
export function goValues(text: string): SettingValues {
  return new Map(entriesOf(text));
}

/** In the file of the installation the first line of a name counts. */
function firstGoValues(text: string): SettingValues {
  return new Map(entriesOf(text).toReversed());
}

function entriesOf(text: string): [string, string][] {
  return text.split('\n').flatMap((line): [string, string][] => {
    const end = line.indexOf('=');
    return end < 0 || !/^[A-Z]/.test(line) ? [] : [[line.slice(0, end), line.slice(end + 1)]];
  });
}
