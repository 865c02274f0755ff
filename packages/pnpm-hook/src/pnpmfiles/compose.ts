/*
 * Combines the hooks of a project's pnpmfile with ours. A plain spread of two objects keeps one function for each name, so the
 * pnpmfile's own `readPackage` would replace ours. `compose` calls both.
 */
type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Hooks = Readonly<Record<string, unknown>>;

export interface Pnpmfile {
  readonly hooks?: Hooks;
  readonly fetchers?: readonly unknown[];
  readonly resolvers?: readonly unknown[];
}

/** The mark on every hook that calls ours, no matter which copy of this file made the hook. */
const COMPOSED = Symbol.for('tarwarden.composed');

/** A pnpmfile's exports. Those of an ES module may be in its default export. */
export type Exports = (Pnpmfile & { readonly default?: Pnpmfile }) | undefined | null;

/** The value that a pnpmfile must export to have its own hooks and ours. */
export function compose(ours: Pnpmfile, exported: Exports): Pnpmfile {
  const theirs = (exported?.hooks === undefined ? exported?.default : undefined) ?? exported ?? {};
  const hooks: Record<string, unknown> = { ...theirs.hooks, ...ours.hooks };
  for (const [name, own] of Object.entries(ours.hooks ?? {})) {
    const other = theirs.hooks?.[name];
    if (typeof own === 'function' && typeof other === 'function')
      hooks[name] = both(other as AnyFunction, own as AnyFunction, name);
  }
  return {
    ...theirs,
    hooks,
    fetchers: [...(ours.fetchers ?? []), ...(theirs.fetchers ?? [])],
    resolvers: [...(ours.resolvers ?? []), ...(theirs.resolvers ?? [])],
  };
}

export function isComposed(value: unknown): boolean {
  return typeof value === 'function' && COMPOSED in value;
}

/**
 * Calls theirs, and then ours with the result. So ours sees the final value: also what `preResolution` changes in a lockfile in place,
 * which pnpm 12 then installs.
 */
function both(theirs: AnyFunction, ours: AnyFunction, name: string): AnyFunction {
  const composed = async function (
    this: unknown,
    value: unknown,
    ...rest: unknown[]
  ): Promise<unknown> {
    const result = await Reflect.apply(theirs, this, [value, ...rest]);
    const isNothing = result === undefined || result === null;
    // Every pnpm refuses this result, and names the pnpmfile.
    if (name === 'readPackage' && isNothing) return result;
    // pnpm 12 takes this for "no change", so ours has to run. `preResolution` never returns anything that pnpm reads.
    const last = isNothing || name === 'preResolution' ? value : result;
    return Reflect.apply(ours, this, [last, ...rest]);
  };
  return Object.defineProperty(composed, COMPOSED, { value: true });
}
