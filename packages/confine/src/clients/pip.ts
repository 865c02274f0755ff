import { join } from 'node:path';
import { nearestWith } from '@tarwarden/host/folders-above';
import { pipLayers, pipOption, virtualEnvironmentOf, clientContext } from '@tarwarden/settings';
import { pathFrom } from '../paths.ts';
import type { ClientCall, Client } from './client.ts';

/** There is one phase, because pip builds and installs in one step. Only the user's settings count. */
export const pip: Client = {
  root: ({ cwd }) => nearestWith(cwd, ['pyproject.toml', 'setup.py', 'setup.cfg']) ?? cwd,
  // The pip of the system installs there only with a flag.
  folders: (call) => [cacheOf(call), virtualEnvironmentOf(call.program) ?? []].flat(),
  *steps({ args }) {
    yield { args, phase: 'whole' };
  },
};

/** The settings of a virtual environment do not count, because it may be in the project. */
function cacheOf(call: ClientCall): string {
  const where = clientContext({ folder: call.cwd, env: call.env });
  const named = pipOption(pipLayers(where), 'install', 'cache-dir');
  const usual = where.env['XDG_CACHE_HOME'] || join(where.home, '.cache');
  return pathFrom(named || join(usual, 'pip'), call);
}
