/*
 * The step of a confined install in which scripts run. bun has no network, and nobody to ask: all that it can install is what the step
 * before has left in the cache of this run.
 */
import { rmSync } from 'node:fs';
import { makeTemporaryFolder, type Command as Real } from '@tarwarden/guarded-run';
import { projectBunfig, userBunfig, withoutSecrets } from './bunfig.ts';
import { confinedCache, type ConfinedBun } from './confined.ts';
import { environment } from './environment.ts';
import { runReal } from './run-real.ts';

export interface ScriptsRun {
  readonly real: Real;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Without secrets. `npm_config_userconfig` is an .npmrc that holds none. */
  readonly env: NodeJS.ProcessEnv;
  readonly confined: ConfinedBun;
}

/** Resolves to the exit code. */
export async function runScripts({ real, args, cwd, env, confined }: ScriptsRun): Promise<number> {
  const { path: folder } = makeTemporaryFolder({ prefix: 'tarwarden-bun-' });
  try {
    const settings = {
      user: withoutSecrets(userBunfig(env)),
      project: projectBunfig(cwd),
      scanner: undefined,
    };
    const npmrc = env['npm_config_userconfig'];
    const behind = environment(settings, { kind: 'install', folder, env, npmrc });
    return await runReal(
      real,
      args,
      { ...behind, BUN_INSTALL_CACHE_DIR: confinedCache(confined) },
      confined,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
