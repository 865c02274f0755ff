/* Runs the real bun: with the guard, or in the phase of a confined install that runs scripts. */
import { rmSync } from 'node:fs';
import { BUN_STATUS, runGuarded, type Command, makeTemporaryFolder } from '@tarwarden/guarded-run';
import type { PublishStep } from '@tarwarden/guarded-run/publish';
import { type ConfinedBun, confinedCache } from './folders.ts';
import { environment, projectBunfig, userBunfig, withoutSecrets } from './bunfig.ts';

/** Runs a real bun on our own standard streams. Resolves to its exit code. */
export async function runReal(
  command: Command,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  {
    confined,
    step,
  }: { readonly confined?: ConfinedBun | undefined; readonly step?: PublishStep | undefined },
): Promise<number> {
  return runGuarded({
    manager: 'bun',
    command,
    args,
    env,
    channel: BUN_STATUS,
    // The guard is in this process: bun has nothing to write for it.
    confine: confined && ((program) => confined.confine(program)),
    demandGuard: false,
    guardIsHere: true,
    ...(step?.toStderr === true && { stdout: 'stderr' }),
  });
}

interface ScriptsRun {
  readonly real: Command;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Contains no secrets. `npm_config_userconfig` names an .npmrc without secrets. */
  readonly env: NodeJS.ProcessEnv;
  readonly confined: ConfinedBun;
}

/**
 * Runs the phase of a confined install that runs scripts. bun has no network then, so it can install only what the fetch phase has put
 * into its cache. Resolves to the exit code.
 */
export async function runScripts({ real, args, cwd, env, confined }: ScriptsRun): Promise<number> {
  const { path: folder } = makeTemporaryFolder({ prefix: 'tarwarden-bun-' });
  try {
    const settings = {
      user: withoutSecrets(userBunfig(env)),
      project: projectBunfig(cwd),
      scanner: undefined,
    };
    const npmrc = env['npm_config_userconfig'];
    const bunEnv = environment(settings, { kind: 'install', folder, env, npmrc });
    return await runReal(
      real,
      args,
      { ...bunEnv, BUN_INSTALL_CACHE_DIR: confinedCache(confined) },
      { confined },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
