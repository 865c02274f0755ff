/** Runs one way of an archive into pip, guarded. */
import { startIndex, type SimpleIndex } from '../../support/pip/index.ts';
import type { Dist } from '../../support/pip/packages.ts';
import type { Pip } from '../../support/pip/pips.ts';
import { pipWorld, type PipWorld } from '../../support/pip/world.ts';
import type { Result } from '../../support/execute.ts';
import type { Way } from './ways.ts';

const open: (() => void)[] = [];

/** Removes what the tests of a file made. */
export function disposeWorlds(): void {
  for (const close of open.splice(0)) close();
}

export function world(pip: Pip): PipWorld {
  const made = pipWorld(pip);
  open.push(() => made.dispose());
  return made;
}

export async function offer(...dists: readonly Dist[]): Promise<SimpleIndex> {
  const index = await startIndex({ dists });
  open.push(() => index.close());
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
    open.push(() => made.close());
    return made;
  };
  const [command, ...args] = await way.typed({ world: own, pip, dist, index });
  return { world: own, result: await own.guarded(command, ...args) };
}
