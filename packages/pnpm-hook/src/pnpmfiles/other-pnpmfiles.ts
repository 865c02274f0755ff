/* Refuses other pnpmfiles that would fetch packages before they are inspected, or link others in their place. Combines hooks with ours. */
import { createRequire } from 'node:module';
import { inWorker } from '../engine.ts';
import { cookedHooks, isOurHook } from './lockfile-trace.ts';
import { type HookError, notInspectedError } from '../messages.ts';
import type { PnpmConfig } from '../pnpm-shapes.ts';

/** The mark on each of our fetchers, also in other copies of the hook: a user's pnpmfile and a project's may both load one. */
const OURS = Symbol.for('tarwarden.fetcher');

const IMPORTS = {
  problem: 'has a hook importPackage, which links packages in its own way',
  remedy: 'remove that hook',
};
const FETCHES = {
  problem: 'has fetchers that come before those of tarwarden',
  remedy: "remove them, or use compose() of tarwarden's pnpmfile",
};

interface Loaded {
  readonly fetchers?: unknown;
  readonly resolvers?: unknown;
  readonly hooks?: Readonly<Record<string, unknown>>;
}

export function mark<Fetchers extends readonly object[]>(fetchers: Fetchers): Fetchers {
  for (const fetcher of fetchers) Object.defineProperty(fetcher, OURS, { value: true });
  return fetchers;
}

/**
 * Checks the pnpmfiles that pnpm has loaded. They are code of the repository or the user that runs in pnpm. So this finds a pnpmfile
 * that disturbs the guard by mistake, but not one that hides.
 *
 * @throws HookError if another pnpmfile comes before the guard.
 */
export function refuseOtherPnpmfiles(config: PnpmConfig): void {
  const files = [config['pnpmfile']].flat() as string[];
  const modules = files.map((file) => [file, loaded(file)] as const);
  for (const [file, { hooks }] of modules)
    if (hooks?.['importPackage'] !== undefined) throw refusal(file, IMPORTS);
  for (const [file, { fetchers }] of modules) {
    if (!Array.isArray(fetchers) || fetchers.length === 0) continue;
    // pnpm uses the first fetcher that accepts a package.
    if (OURS in (fetchers[0] as object)) break;
    throw refusal(file, FETCHES);
  }
  if (!inWorker) refuseUnread(config, files);
}

/** Whether a pnpmfile has a hook `readPackage` that is not ours alone. */
export function hasOtherReadPackage(config: PnpmConfig): boolean {
  const files = [config['pnpmfile']].flat().filter((file) => typeof file === 'string');
  return files.some((file) => {
    const hook = loaded(file).hooks?.['readPackage'];
    return typeof hook === 'function' && (isComposed(hook) || !isOurHook(hook));
  });
}

/**
 * Refuses a pnpmfile that exports some hooks of this copy but not all. It may have replaced one by its own, for instance by a spread of
 * both, and pnpm would link packages that were not inspected.
 *
 * @throws HookError that names the hook, and says how to keep both.
 */
export function refuseReplacedHooks(files: readonly string[], ownPnpmfile: Pnpmfile): void {
  for (const file of files) {
    const theirs = loaded(file) as Pnpmfile;
    const { hooks = {} } = theirs;
    const ours = Object.entries(ownPnpmfile.hooks ?? {}).filter(
      ([, hook]) => typeof hook === 'function',
    );
    if (!ours.some(([name, hook]) => hooks[name] === hook || isComposed(hooks[name]))) continue;
    const name =
      ours.find(([key, hook]) => hooks[key] !== hook && !isComposed(hooks[key]))?.[0] ??
      missingList(ownPnpmfile, theirs);
    if (name === undefined) continue;
    throw notInspectedError(
      `the pnpmfile ${JSON.stringify(file)} has its own ${name} instead of the one of tarwarden, so packages would not be inspected. ` +
        "To have both: module.exports = require('./.tarwarden/pnpmfile.cjs').compose({ hooks: { … } })",
    );
  }
}

/** The first list, of fetchers or resolvers, that lacks one of ours. Their order does not matter. */
function missingList(ownPnpmfile: Pnpmfile, theirs: Pnpmfile): string | undefined {
  return (['fetchers', 'resolvers'] as const).find((name) => {
    const theirEntries: readonly unknown[] = Array.isArray(theirs[name]) ? theirs[name] : [];
    return ownPnpmfile[name]?.some((entry) => !theirEntries.includes(entry)) === true;
  });
}

/** A module with a top-level await cannot be loaded here. pnpm 10 and 11 show the hooks that they have made of all pnpmfiles. */
function refuseUnread(config: PnpmConfig, files: readonly string[]): void {
  const { importPackage, customFetchers } = cookedHooks(config) ?? {};
  const file = files.at(-1) ?? '';
  if (importPackage !== undefined) throw refusal(file, IMPORTS);
  const [firstFetcher] = Array.isArray(customFetchers) ? (customFetchers as object[]) : [];
  if (firstFetcher !== undefined && !(OURS in firstFetcher)) throw refusal(file, FETCHES);
}

function refusal(file: string, { problem, remedy }: typeof IMPORTS): HookError {
  return notInspectedError(
    `the pnpmfile ${JSON.stringify(file)} ${problem}, so nothing can be inspected: ${remedy}`,
  );
}

/** The exports of a pnpmfile, which pnpm has loaded before. Empty if it is no module. */
export function loaded(file: string): Loaded {
  try {
    const exported = (createRequire(file)(file) ?? {}) as Loaded & { default?: Loaded };
    return exported.hooks === undefined ? (exported.default ?? exported) : exported;
  } catch {
    return {};
  }
}

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

/**
 * The value that a pnpmfile must export to have its own hooks and ours. A plain spread of two objects keeps one function for each name,
 * so the pnpmfile's own `readPackage` would replace ours. This calls both.
 */
export function compose(ours: Pnpmfile, exported: Exports): Pnpmfile {
  const theirs = (exported?.hooks === undefined ? exported?.default : undefined) ?? exported ?? {};
  const hooks: Record<string, unknown> = { ...theirs.hooks, ...ours.hooks };
  for (const [name, ownHook] of Object.entries(ours.hooks ?? {})) {
    const other = theirs.hooks?.[name];
    if (typeof ownHook === 'function' && typeof other === 'function')
      hooks[name] = callBoth(other as AnyFunction, ownHook as AnyFunction, name);
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
function callBoth(theirs: AnyFunction, ours: AnyFunction, name: string): AnyFunction {
  const composed = async function (
    this: unknown,
    value: unknown,
    ...otherArguments: unknown[]
  ): Promise<unknown> {
    const result = await Reflect.apply(theirs, this, [value, ...otherArguments]);
    const isNothing = result === undefined || result === null;
    // Every pnpm refuses this result, and names the pnpmfile.
    if (name === 'readPackage' && isNothing) return result;
    // pnpm 12 takes this for "no change", so ours has to run. `preResolution` never returns anything that pnpm reads.
    const last = isNothing || name === 'preResolution' ? value : result;
    return Reflect.apply(ours, this, [last, ...otherArguments]);
  };
  return Object.defineProperty(composed, COMPOSED, { value: true });
}
