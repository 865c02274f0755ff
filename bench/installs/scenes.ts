/** Scenes that every manager is put through. */
import type { Entrant, Scene } from './install.ts';

export const UNGUARDED = 'unguarded';

/** Most that a guarded install may take of the unguarded one's time. */
const COLD = 1.1;

const unguarded: Entrant = { name: UNGUARDED, guard: 'none' };
const inert: Entrant = { name: 'hook that does nothing', guard: 'inert', over: UNGUARDED };

/** Everything is fetched, from the loopback address. */
export function cold(without: readonly string[], hooks: boolean): Scene {
  return {
    name: 'cold',
    without,
    entrants: [
      unguarded,
      ...(hooks ? [inert] : []),
      {
        name: 'guarded',
        guard: 'guarded',
        forget: true,
        over: UNGUARDED,
        goal: { of: 'ratio', most: COLD },
      },
      { name: 'guarded, inspected before', guard: 'guarded', over: UNGUARDED },
      {
        name: 'guarded, signed by others',
        guard: 'guarded',
        store: 'signed',
        over: UNGUARDED,
        goal: { of: 'ratio', most: COLD },
      },
    ],
  };
}

/** Everything is fetched, and a store of verdicts is asked first, which may be of no use. */
export const WITH_STORES: Omit<Scene, 'without'> = {
  name: 'cold, by the store of verdicts',
  entrants: [
    { name: 'no store', guard: 'guarded', forget: true },
    ...(['signed', 'down', 'slow', 'lying', 'withholding'] as const).map((store) => ({
      name: store === 'signed' ? 'all of it signed' : store,
      guard: 'guarded' as const,
      forget: true as const,
      store,
      over: 'no store',
    })),
  ],
};

/** Most that a guarded install from a restored store may take of the unguarded one's time. */
const RESTORED = 1.5;

/**
 * Everything is in the manager's cache or store, and was inspected.
 * @param stores Folders of a store that the guard compares with the archives. It hashes the files of a store that it does not know.
 */
export function warm(most: number, hooks: boolean, stores: readonly string[] = []): Scene {
  return {
    name: 'warm',
    without: [],
    entrants: [
      unguarded,
      ...(hooks ? [inert] : []),
      { name: 'guarded', guard: 'guarded', over: UNGUARDED, goal: { of: 'ratio', most } },
      ...(stores.length === 0 ? [] : [restored(stores)]),
    ],
  };
}

function restored(stores: readonly string[]): Entrant {
  return {
    name: 'guarded, store restored',
    guard: 'guarded',
    restored: stores,
    over: UNGUARDED,
    goal: { of: 'ratio', most: RESTORED },
  };
}
