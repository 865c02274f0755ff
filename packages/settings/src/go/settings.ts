import { execFileSync } from 'node:child_process';
import { delimiter, isAbsolute, join } from 'node:path';
import { TarwardenError } from '@tarwarden/core/errors';
import { printable } from '@tarwarden/core/text';
import { homeOf, type Variables } from '../where.ts';

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
 * Without a go, variables and go's defaults.
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
  const [path = ''] = (env['GOPATH'] || join(homeOf(env), 'go')).split(delimiter);
  return {
    GOPROXY: env['GOPROXY'] || 'https://proxy.golang.org,direct',
    GONOPROXY: env['GONOPROXY'] || env['GOPRIVATE'] || '',
    GOMODCACHE: env['GOMODCACHE'] || join(path, 'pkg', 'mod'),
    GOAUTH: env['GOAUTH'] || 'netrc',
  };
}
