import { join } from 'node:path';
import { nearestWith } from '@tarwarden/host/folders-above';
import { pipLayers, pipOption, virtualEnvironmentOf, clientContext } from '@tarwarden/settings';
import { pathFrom } from '../paths.ts';
import type { Call, Client } from './client.ts';

/** pip builds and installs in one, so that there is one phase. Its settings are the user's alone. */
export const pip: Client = {
  root: ({ cwd }) => nearestWith(cwd, ['pyproject.toml', 'setup.py', 'setup.cfg']) ?? cwd,
  // A pip of the system installs where only a flag allows it to.
  folders: (call) => [cacheOf(call), virtualEnvironmentOf(call.program) ?? []].flat(),
  *steps({ args }) {
    yield { args, phase: 'whole' };
  },
};

/** The settings of the virtual environment do not count: it may be in the project. */
function cacheOf(call: Call): string {
  const where = clientContext({ folder: call.cwd, env: call.env });
  const named = pipOption(pipLayers(where), 'install', 'cache-dir');
  const usual = where.env['XDG_CACHE_HOME'] || join(where.home, '.cache');
  return pathFrom(named || join(usual, 'pip'), call);
}
