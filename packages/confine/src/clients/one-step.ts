/*
 * Clients that run everything in one step: pip, gem and bundle build packages while they install them, and go runs no code of a module,
 * but what "generate", "run" and "test" are asked to run.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { nearestWith } from '@tarwarden/guard/folders-above';
import { homeFolder } from '@tarwarden/guard/home-folder';
import {
  bundlerCache,
  bundlerGemfile,
  clientContext,
  type ClientContext,
} from '@tarwarden/clients/settings';
import { ConfineError } from '../paths.ts';
import { optionValue, type Client, type ClientCall } from './client.ts';

export const pip: Client = {
  root: ({ cwd }) => nearestWith(cwd, ['pyproject.toml', 'setup.py', 'setup.cfg']) ?? cwd,
  folders: [{ variables: ['PIP_CACHE_DIR'], usual: '$XDG_CACHE_HOME/pip' }, virtualEnvironment],
};

/** The virtual environment of the program. The pip of the system installs there only with a flag. */
function virtualEnvironment({ program }: ClientCall): string[] {
  const folder = dirname(dirname(program));
  return existsSync(join(folder, 'pyvenv.cfg')) ? [folder] : [];
}

const SPECS = { variables: ['GEM_SPEC_CACHE'], usual: '$XDG_CACHE_HOME/gem' };

export const gem: Client = {
  trusted: true,
  root: ({ cwd }) => cwd,
  folders: [SPECS, gemFolders],
};

export const bundle: Client = {
  trusted: true,
  root: (call) => {
    const gemfile = bundlerGemfile(contextOf(call));
    return gemfile === undefined ? call.cwd : dirname(gemfile);
  },
  folders: [
    SPECS,
    { variables: ['BUNDLE_PATH'], files: { '~/.bundle/config': 'BUNDLE_PATH' } },
    gemFolders,
    (call) => [bundlerCache(contextOf(call))],
  ],
};

function contextOf({ cwd, env }: ClientCall): ClientContext {
  return clientContext({ folder: cwd, env });
}

/** The folders of gems, as RubyGems prints them in a folder without settings, and one that older versions have. */
function gemFolders({ env, program }: ClientCall): string[] {
  const old = join(homeFolder(env), '.gem/specs');
  const oldFolders = existsSync(old) ? [old] : [];
  if (env['GEM_HOME']) return [resolve(env['GEM_HOME']), ...oldFolders];
  const text = answerOf(join(dirname(program), 'gem'), ['environment'], env);
  const lines = text.matchAll(/^ *- (?:USER )?INSTALLATION DIRECTORY: (\/.+)$/gm);
  return [...Array.from(lines, ([, path = '']) => path), ...oldFolders];
}

export const go: Client = {
  trusted: true,
  root: ({ cwd, args }) => {
    const start = resolve(cwd, optionValue(args.slice(0, 2), '-C', '--C') ?? '.');
    return nearestWith(start, ['go.work']) ?? nearestWith(start, ['go.mod']) ?? start;
  },
  folders: [goFolders],
};

/** The settings that go has without a project: variables, and the user's own "go env -w". */
function goFolders({ program, env }: ClientCall): string[] {
  const args = ['env', '-json', 'GOMODCACHE', 'GOCACHE'];
  const text = answerOf(program, args, { ...env, GOTOOLCHAIN: 'local', GOWORK: 'off' });
  const folders = Object.values(JSON.parse(text) as Record<string, string>);
  return folders.filter((path) => path.startsWith('/'));
}

/** Milliseconds for a client to print its folders. */
const ANSWER_MS = 60_000;

/** The text that a client prints about itself. It runs outside of the project. */
function answerOf(program: string, args: readonly string[], env: NodeJS.ProcessEnv): string {
  try {
    return execFileSync(program, args, {
      cwd: '/',
      env,
      encoding: 'utf8',
      timeout: ANSWER_MS,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const [why = ''] = (error as Error).message.split('\n');
    throw new ConfineError(`its folders are not known: ${why}`);
  }
}
