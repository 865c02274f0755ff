/** Runs one way of an archive into pip, guarded. */
import { onTestFinished } from 'vitest';
import { startIndex, type SimpleIndex } from '../../support/pip/index.ts';
import type { Dist } from '../../support/pip/packages.ts';
import type { Pip } from '../../support/pip/pips.ts';
import { pipWorld, type PipWorld } from '../../support/pip/world.ts';
import type { Result } from '../../support/execute.ts';
import type { Way } from './ways.ts';

export function world(pip: Pip): PipWorld {
  const made = pipWorld(pip);
  onTestFinished(() => made.dispose());
  return made;
}

export async function offer(...dists: readonly Dist[]): Promise<SimpleIndex> {
  const index = await startIndex({ dists });
  onTestFinished(() => index.close());
  return index;
}

export interface Gone {
  readonly world: PipWorld;
  readonly result: Result;
}

/** Has an archive come in. */
export async function go(pip: Pip, way: Way, dist: Dist): Promise<Gone> {
  const own = world(pip);
  const index = async (options = {}): Promise<SimpleIndex> => {
    const made = await startIndex({ dists: [dist], ...options });
    onTestFinished(() => made.close());
    return made;
  };
  const [command, ...args] = await way.typed({ world: own, pip, dist, index });
  return { world: own, result: await own.guarded(command, ...args) };
}
