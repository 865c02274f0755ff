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

/** In these hooks, theirs runs first, so that ours sees the final value and can change it. */
const THEIRS_FIRST: ReadonlySet<string> = new Set(['updateConfig', 'afterAllResolved']);

/** The value that a pnpmfile must export to have its own hooks and ours. */
export function compose(ours: Pnpmfile, theirs: Pnpmfile): Pnpmfile {
  const hooks: Record<string, unknown> = { ...theirs.hooks, ...ours.hooks };
  for (const [name, own] of Object.entries(ours.hooks ?? {})) {
    const other = theirs.hooks?.[name];
    if (typeof own !== 'function' || typeof other !== 'function') continue;
    const pair = [own, other] as AnyFunction[];
    hooks[name] = inOrder(THEIRS_FIRST.has(name) ? pair.toReversed() : pair, name);
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

/** Each hook gets the result of the hook before it. `preResolution` returns nothing, so both get the same value. */
function inOrder(hooks: readonly AnyFunction[], name: string): AnyFunction {
  const both = async function (
    this: unknown,
    first: unknown,
    ...rest: unknown[]
  ): Promise<unknown> {
    let value = first;
    for (const hook of hooks) {
      // oxlint-disable-next-line no-await-in-loop
      const result = await Reflect.apply(hook, this, [value, ...rest]);
      if (name !== 'preResolution') value = result;
    }
    return name === 'preResolution' ? undefined : value;
  };
  return Object.defineProperty(both, COMPOSED, { value: true });
}
