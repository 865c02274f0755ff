import { BUN_STATUS, runGuarded, type Command } from '@tarwarden/guarded-run';
import type { ConfinedBun } from './confined.ts';

/** Runs a real bun on our own standard streams. Resolves to its exit code. */
export async function runReal(
  command: Command,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  confined: ConfinedBun | undefined,
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
  });
}
