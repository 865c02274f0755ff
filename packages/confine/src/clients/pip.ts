import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nearestWith } from '@tarwarden/host/folders-above';
import { homeFolder } from '@tarwarden/host/home-folder';
import { pathFrom } from '../paths.ts';
import type { Call, Client } from './client.ts';

/** pip builds and installs in one, so that there is one phase. Its settings are the user's alone. */
export const pip: Client = {
  root: ({ cwd }) => nearestWith(cwd, ['pyproject.toml', 'setup.py', 'setup.cfg']) ?? cwd,
  folders: (call) => {
    const { env } = call;
    const cache =
      env['PIP_CACHE_DIR'] || join(env['XDG_CACHE_HOME'] || join(homeFolder(env), '.cache'), 'pip');
    return [pathFrom(cache, call), ...virtualEnvironment(call)];
  },
  *steps({ args }) {
    yield { args, phase: 'whole' };
  },
};

/** The one that the program belongs to. A pip of the system installs where only a flag allows it to. */
function virtualEnvironment({ program }: Call): string[] {
  const folder = dirname(dirname(program));
  return existsSync(join(folder, 'pyvenv.cfg')) ? [folder] : [];
}
