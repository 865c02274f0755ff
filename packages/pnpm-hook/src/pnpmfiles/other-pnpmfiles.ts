/* What pnpmfiles beside this one must not do: take packages before they are inspected, or link others in their place. */
import { createRequire } from 'node:module';
import { inWorker } from '../engine.ts';
import { isComposed, type Pnpmfile } from './compose.ts';
import { cookedHooks } from './lockfile-trace.ts';
import { HookError } from '../messages.ts';
import type { PnpmConfig } from '../pnpm-shapes.ts';

/** On every fetcher of ours, whichever copy of the hook made it: a user's pnpmfile and a project's may both load one. */
const OURS = Symbol.for('tarwarden.fetcher');

const IMPORTS = 'has a hook importPackage, which links packages in its own way';
const FETCHES = 'has fetchers that come before those of tarwarden';

interface Loaded {
  readonly fetchers?: unknown;
  readonly resolvers?: unknown;
  readonly hooks?: Readonly<Record<string, unknown>>;
}

/** Marks fetchers as inspecting. */
export function mark<Fetchers extends readonly object[]>(fetchers: Fetchers): Fetchers {
  for (const one of fetchers) Object.defineProperty(one, OURS, { value: true });
  return fetchers;
}

/**
 * Looks at what pnpm has loaded. It is code of the repository, or the user's, that runs in pnpm: this finds what is in
 * the way by mistake or openly, and not what hides.
 *
 * @throws HookError where another pnpmfile comes before the guard.
 */
export function refuseOtherPnpmfiles(config: PnpmConfig): void {
  const files = [config['pnpmfile']].flat() as string[];
  const modules = files.map((file) => [file, loaded(file)] as const);
  for (const [file, { hooks }] of modules)
    if (hooks?.['importPackage'] !== undefined) throw refusal(file, IMPORTS);
  for (const [file, { fetchers }] of modules) {
    if (!Array.isArray(fetchers) || fetchers.length === 0) continue;
    // pnpm takes the first that says it can.
    if (OURS in (fetchers[0] as object)) break;
    throw refusal(file, FETCHES);
  }
  if (!inWorker) refuseUnread(config, files);
}

/**
 * A pnpmfile that takes some hooks of this copy and not all: one that has replaced a hook of ours by its own, as a spread of both
 * does, would have pnpm link what nothing has inspected.
 *
 * @throws HookError which names the hook, and how to keep both.
 */
export function refuseReplacedHooks(files: readonly string[], own: Pnpmfile): void {
  for (const file of files) {
    const theirs = loaded(file) as Pnpmfile;
    const { hooks = {} } = theirs;
    const ours = Object.entries(own.hooks ?? {}).filter(([, hook]) => typeof hook === 'function');
    if (!ours.some(([name, hook]) => hooks[name] === hook || isComposed(hooks[name]))) continue;
    const name =
      ours.find(([key, hook]) => hooks[key] !== hook && !isComposed(hooks[key]))?.[0] ??
      missingList(own, theirs);
    if (name === undefined) continue;
    throw new HookError(
      'NOT_INSPECTED',
      `the pnpmfile ${JSON.stringify(file)} has its own ${name} instead of the one of tarwarden, so packages would not be inspected. ` +
        "To have both: module.exports = require('./.tarwarden/pnpmfile.cjs').compose({ hooks: { … } })",
    );
  }
}

/** Fetchers and resolvers of which all of ours have to be there, in any place. */
function missingList(own: Pnpmfile, theirs: Pnpmfile): string | undefined {
  return (['fetchers', 'resolvers'] as const).find((name) => {
    const all: readonly unknown[] = Array.isArray(theirs[name]) ? theirs[name] : [];
    return own[name]?.some((one) => !all.includes(one)) === true;
  });
}

/** A module that awaits cannot be looked at as above: pnpm 10 and 11 show what they have made of all of them. */
function refuseUnread(config: PnpmConfig, files: readonly string[]): void {
  const { importPackage, customFetchers } = cookedHooks(config) ?? {};
  const file = files.at(-1) ?? '';
  if (importPackage !== undefined) throw refusal(file, IMPORTS);
  const [first] = Array.isArray(customFetchers) ? (customFetchers as object[]) : [];
  if (first !== undefined && !(OURS in first)) throw refusal(file, FETCHES);
}

function refusal(file: string, what: string): HookError {
  return new HookError(
    'NOT_INSPECTED',
    `the pnpmfile ${JSON.stringify(file)} ${what}, so nothing can be inspected: remove that, or use compose() of tarwarden's pnpmfile`,
  );
}

/** From the cache of modules: pnpm has loaded it before. What is no path to a module has nothing to look at. */
function loaded(file: string): Loaded {
  try {
    const exported = (createRequire(file)(file) ?? {}) as Loaded & { default?: Loaded };
    return exported.hooks === undefined ? (exported.default ?? exported) : exported;
  } catch {
    return {};
  }
}
