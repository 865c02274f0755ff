/** Which part of an install runs behind the walls of `--confine`, for a guard that does otherwise there. */
export const CONFINED_PHASE = 'TARWARDEN_CONFINED_PHASE';

export type ConfinedPhase =
  /** Nothing that packages bring is to run. */
  | 'fetch'
  /** All scripts are to run, without the network and the files that hold secrets. */
  | 'scripts'
  /** Both at once. */
  | 'whole';

export function confinedPhase(env: NodeJS.ProcessEnv): ConfinedPhase | undefined {
  const phase = env[CONFINED_PHASE];
  return phase === 'fetch' || phase === 'scripts' || phase === 'whole' ? phase : undefined;
}
