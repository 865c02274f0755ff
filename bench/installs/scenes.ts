/** Scenes that every manager is put through. */
import type { Entrant, Scene } from './install.ts';

export const UNGUARDED = 'unguarded';
const HOOK = 'hook that does nothing';

/** The longest times of guarded installs, each divided by the time of the install that it is compared to. */
export interface Limits {
  /** Nothing was inspected before. Always compared to the unguarded install. */
  readonly cold?: number;
  /** Everything was inspected here before, and is fetched again. */
  readonly known?: number;
  /** Nothing is fetched. */
  readonly warm?: number;
}

const unguarded: Entrant = { name: UNGUARDED, guard: 'none' };
const inert: Entrant = { name: HOOK, guard: 'inert', over: UNGUARDED };

/** The installs without a guard. `hooks`: the manager has hooks, and the guard is compared to one that does nothing. */
const bare = (hooks: boolean): readonly Entrant[] => (hooks ? [unguarded, inert] : [unguarded]);
const bareName = (hooks: boolean): string => (hooks ? HOOK : UNGUARDED);

function limited(entrant: Entrant, most: number | undefined): Entrant {
  return most === undefined ? entrant : { ...entrant, goal: { of: 'ratio', most } };
}

/** Everything is fetched, from the loopback address. */
export function cold(without: readonly string[], limits: Limits, hooks = false): Scene {
  const over = bareName(hooks);
  return {
    name: 'cold',
    without,
    entrants: [
      ...bare(hooks),
      limited({ name: 'guarded', guard: 'guarded', forget: true, over: UNGUARDED }, limits.cold),
      limited({ name: 'guarded, inspected before', guard: 'guarded', over }, limits.known),
    ],
  };
}

/** Everything is in the manager's cache or store, and was inspected. */
export function warm(limits: Limits, hooks = false): Scene {
  const guarded: Entrant = { name: 'guarded', guard: 'guarded', over: bareName(hooks) };
  return {
    name: 'warm',
    without: [],
    entrants: [...bare(hooks), limited(guarded, limits.warm)],
  };
}

/** Most that a guarded install from a restored store may take of the unguarded one's time. */
const RESTORED = 1.5;

/**
 * Everything is in a store that was restored, as by a CI service, so that the guard does not know its files and hashes all of them.
 * @param stores Folders of the store in the sandbox.
 */
export function restored(stores: readonly string[]): Scene {
  const guarded: Entrant = { name: 'guarded', guard: 'guarded', restored: stores, over: UNGUARDED };
  return {
    name: 'warm, store restored',
    without: [],
    entrants: [{ ...unguarded, restored: stores }, limited(guarded, RESTORED)],
  };
}
