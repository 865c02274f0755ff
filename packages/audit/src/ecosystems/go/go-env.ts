/* Settings of go, as `go env` has them: the environment, then the user's own file, then that of the installation. No file of a repository counts. */
import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { readSettingsText } from '../../settings/files.ts';
import type { Variables } from '../../settings/settings.ts';
import { homeOf } from '../../settings/home.ts';

export interface GoEnvironment {
  readonly GOPROXY: string;
  readonly GONOPROXY: string;
  readonly GOMODCACHE: string;
  readonly GOAUTH: string;
}

const DEFAULT_PROXY = 'https://proxy.golang.org,direct';

/** @throws TarwardenError where a file is there and cannot be read. */
export function goEnvironment(env: Variables): GoEnvironment {
  const home = homeOf(env);
  const file = env['GOENV'] || join(configFolder(home, env), 'go', 'env');
  const own = file === 'off' ? new Map<string, string>() : read(file);
  const root = env['GOROOT'] || rootOnPath(env);
  const given = root === undefined ? new Map<string, string>() : read(join(root, 'go.env'));
  const get = (name: string): string => env[name] || own.get(name) || given.get(name) || '';
  const [path = ''] = (get('GOPATH') || join(home, 'go')).split(delimiter);
  return {
    GOPROXY: get('GOPROXY') || DEFAULT_PROXY,
    GONOPROXY: get('GONOPROXY') || get('GOPRIVATE'),
    GOMODCACHE: get('GOMODCACHE') || join(path, 'pkg', 'mod'),
    GOAUTH: get('GOAUTH'),
  };
}

/** os.UserConfigDir of Go. */
function configFolder(home: string, env: Variables): string {
  if (process.platform === 'win32') return env['AppData'] ?? env['APPDATA'] ?? home;
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support');
  return env['XDG_CONFIG_HOME'] || join(home, '.config');
}

/** The installation of the go on the PATH: distributions set GOPROXY there. */
function rootOnPath(env: Variables): string | undefined {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    try {
      const file = join(folder, process.platform === 'win32' ? 'go.exe' : 'go');
      accessSync(file, constants.X_OK);
      return dirname(dirname(realpathSync(file)));
    } catch {
      // It is in another folder, or nowhere.
    }
  }
  return undefined;
}

/** `NAME=value` lines; others are passed over, as go does. */
function read(file: string): Map<string, string> {
  const text = readSettingsText(file, { follow: true }) ?? '';
  return new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim()) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}
