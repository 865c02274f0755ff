import { nearestWith } from '@tarwarden/host/folders-above';
import { clientContext, pipCache, virtualEnvironmentOf } from '@tarwarden/settings';
import type { Client } from './client.ts';

/** There is one phase, because pip builds and installs in one step. Only the user's settings count. */
export const pip: Client = {
  root: ({ cwd }) => nearestWith(cwd, ['pyproject.toml', 'setup.py', 'setup.cfg']) ?? cwd,
  // The pip of the system installs there only with a flag.
  folders: (call) =>
    [
      pipCache(clientContext({ folder: call.cwd, env: call.env })),
      virtualEnvironmentOf(call.program) ?? [],
    ].flat(),
  *steps({ args }) {
    yield { args, phase: 'whole' };
  },
};
