import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { homeFolder } from '@tarwarden/host/home-folder';
import {
  bundlerCache,
  bundlerGemfile,
  bundlerText,
  bundlerUserLayers,
  clientContext,
} from '@tarwarden/settings';
import { pathFrom } from '../paths.ts';
import { ConfineError } from '../refusal.ts';
import type { ClientCall, Client, ClientStep } from './client.ts';

/** Milliseconds for RubyGems to print its folders of gems. */
const ANSWER_MS = 60_000;

/** There is one phase, because extensions are built while gems are installed. */
function* steps({ args }: ClientCall): Generator<ClientStep> {
  yield { args, phase: 'whole' };
}

export const gem: Client = {
  trusted: true,
  root: ({ cwd }) => cwd,
  folders: gemFolders,
  steps,
};

export const bundle: Client = {
  trusted: true,
  root: ({ cwd, env }) => {
    const gemfile = bundlerGemfile(clientContext({ folder: cwd, env }));
    return gemfile === undefined ? cwd : dirname(gemfile);
  },
  folders: (call) => {
    const where = clientContext({ folder: call.cwd, env: call.env });
    const path = bundlerText(bundlerUserLayers(where), 'path');
    return [...gemFolders(call), bundlerCache(where), path ? pathFrom(path, call) : []].flat();
  },
  steps,
};

/** The folders of gems, as RubyGems prints them in a folder without settings, and the files that it keeps beside them. */
function gemFolders({ env, program }: ClientCall): string[] {
  const home = homeFolder(env);
  const old = join(home, '.gem/specs');
  return [
    ...installFolders(env, join(dirname(program), 'gem')),
    env['GEM_SPEC_CACHE'] || join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'gem'),
    ...(existsSync(old) ? [old] : []),
  ];
}

function installFolders(env: NodeJS.ProcessEnv, gemProgram: string): string[] {
  const own = env['GEM_HOME'];
  if (own !== undefined && own !== '') return [resolve(own)];
  try {
    const text = execFileSync(gemProgram, ['environment'], {
      cwd: '/',
      env,
      encoding: 'utf8',
      timeout: ANSWER_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return [...text.matchAll(/^ *- (?:USER )?INSTALLATION DIRECTORY: (\/.+)$/gm)].map(
      ([, path = '']) => path,
    );
  } catch {
    throw new ConfineError('"gem environment" does not say where gems are installed; set GEM_HOME');
  }
}
