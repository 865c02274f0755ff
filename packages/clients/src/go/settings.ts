import { execFileSync } from 'node:child_process';
import { delimiter, isAbsolute, join } from 'node:path';
import { TarwardenError } from '@tarwarden/core/errors';
import { printable } from '@tarwarden/core/text';
import { readWithMark } from '../shared/files.ts';
import { homeOf, type Variables } from '../shared/where.ts';

export interface GoSettings {
  readonly GOPROXY: string;
  readonly GONOPROXY: string;
  readonly GOMODCACHE: string;
  readonly GOAUTH: string;
}

/** Milliseconds for go to print its settings. */
const ANSWER_MS = 60_000;

/**
 * The settings that the go on the PATH has outside of any project: variables, the user's own "go env -w", and those of the installation.
 * Without a go: variables, the user's file, and go's defaults.
 * @throws TarwardenError if go does not print them.
 */
export function goSettings(env: Variables): GoSettings {
  const usual = defaultsOf(env);
  // A relative folder would be looked up in the project.
  const PATH = (env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  if (PATH.length === 0) return usual;
  try {
    const text = execFileSync('go', ['env', '-json', ...Object.keys(usual)], {
      // In a project, go may download the toolchain that the project names.
      cwd: '/',
      env: { ...env, PATH: PATH.join(delimiter), GOTOOLCHAIN: 'local', GOWORK: 'off' },
      encoding: 'utf8',
      timeout: ANSWER_MS,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return JSON.parse(text) as GoSettings;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return usual;
    throw new TarwardenError('NOT_INSPECTED', printable(`"go env" failed: ${message}`), {
      cause: error,
    });
  }
}

function defaultsOf(env: Variables): GoSettings {
  const userSettings = userFile(env);
  const setting = (name: string): string => env[name] || userSettings.get(name) || '';
  const [path = ''] = (setting('GOPATH') || join(homeOf(env), 'go')).split(delimiter);
  return {
    GOPROXY: setting('GOPROXY') || 'https://proxy.golang.org,direct',
    GONOPROXY: setting('GONOPROXY') || setting('GOPRIVATE'),
    GOMODCACHE: setting('GOMODCACHE') || join(path, 'pkg', 'mod'),
    GOAUTH: setting('GOAUTH') || 'netrc',
  };
}

/** The settings that "go env -w" wrote. @throws TarwardenError if it cannot be read: it may name the modules that no proxy may learn of. */
function userFile(env: Variables): ReadonlyMap<string, string> {
  const home = homeOf(env);
  const { platform } = process;
  let config = env['XDG_CONFIG_HOME'] || join(home, '.config');
  if (platform === 'darwin') config = join(home, 'Library', 'Application Support');
  if (platform === 'win32') config = env['AppData'] ?? env['APPDATA'] ?? '';
  const file = env['GOENV'] || join(config, 'go', 'env');
  // `off` means no file, and go takes no relative folder.
  const fileText = isAbsolute(file) ? readWithMark(file) : undefined;
  if (fileText?.unreadable !== undefined)
    throw new TarwardenError('NOT_INSPECTED', printable(fileText.unreadable));
  const lines = (fileText?.text ?? '').split('\n');
  return new Map(
    lines.map((line) => {
      const [, name = '', value = ''] = /^([A-Z]\w*)=(.*)$/s.exec(line) ?? [];
      return [name, value];
    }),
  );
}
