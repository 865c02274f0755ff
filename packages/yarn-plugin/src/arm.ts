import { Cache, YarnVersion, type Configuration, type Hooks } from '@yarnpkg/core';
import {
  interceptAll,
  InterceptError,
  report,
  takeNonce,
  YARN_CONFINED,
  YARN_STATUS,
} from '@tarwarden/guard/run';
import { nothingInstalled } from '@tarwarden/guard/kit';
import type { Guards } from './guards.ts';
import { interceptsOf } from './intercepts.ts';
import { refuseLinksOut } from './links.ts';
import { refuseLocalDependency } from './local-dependencies.ts';
import type { PluginState } from './state.ts';

const KEY = Symbol.for('tarwarden.yarn-plugin');

type Marked = { [KEY]?: Hooks };

/**
 * The hooks of the guard of this process; undefined if it is not armed. Yarn loads a plugin several times in a process, and each copy has
 * its own state.
 */
export function armed(): Hooks | undefined {
  return (Cache.prototype as Marked)[KEY];
}

/**
 * Puts the guard between Yarn's fetchers, its converter and its cache, once in a process.
 * @throws Error if this Yarn lacks a method that the guard replaces, so that nothing is installed unguarded.
 */
export function arm(file: string, state: PluginState): Hooks {
  const armedHooks = armed();
  if (armedHooks !== undefined) return armedHooks;
  const major = /^(\d+)\./.exec(YarnVersion ?? '')?.[1];
  if (major !== '3' && major !== '4') throw unsupported('neither version 3 nor 4');
  try {
    // Other plugins run before this one and could mark a method as replaced, so a set holds the replacements.
    interceptAll(interceptsOf(state), { replaced: new WeakSet() });
  } catch (error) {
    throw error instanceof InterceptError ? unsupported(error.message, error) : error;
  }
  const hooks = hooksOf(state);
  Object.defineProperty(Cache.prototype, KEY, { value: hooks });
  guardChildren(file);
  const nonce = takeNonce(process.env, YARN_STATUS);
  report(process.env, YARN_STATUS, {
    event: 'armed',
    nonce,
    guard: file,
    client: process.argv[1]!,
  });
  return hooks;
}

function unsupported(why: string, cause?: InterceptError): Error {
  return new Error(
    `tarwarden: unsupported Yarn ${YarnVersion ?? 'of unknown version'} (${why}); refusing to run unguarded`,
    { cause },
  );
}

function hooksOf({ downloads, guards }: PluginState): Hooks {
  return {
    wrapNetworkRequest: downloads.wrap,
    // Reports an invalid policy, and links out of the project, before Yarn does anything else.
    // oxlint-disable-next-line typescript/no-misused-promises -- Yarn waits for it
    async validateProject(project) {
      await guards.for(project.configuration);
      refuseSecondNames(project.configuration, guards);
      await refuseLinksOut(project, guards);
    },
    async reduceDependency(dependency, project, locator, initial) {
      // A changed descriptor comes from the project's own `resolutions` or from Yarn's own patches.
      if (dependency.descriptorHash === initial.descriptorHash)
        await refuseLocalDependency(dependency, { project, locator }, guards);
      return dependency;
    },
  };
}

/** With this linker, Yarn puts hard links to files of its global folder into the project, where confined scripts write. */
function refuseSecondNames(configuration: Configuration, guards: Guards): void {
  if (process.env[YARN_CONFINED] === undefined || configuration.get('nodeLinker') !== 'pnpm')
    return;
  const { block } = nothingInstalled(
    'nodeLinker',
    'nodeLinker is "pnpm", by which confined scripts could change files of Yarn\'s global folder',
    'install with another linker: YARN_NODE_LINKER=node-modules',
  );
  throw guards.refusal(block);
}

/** Yarn packs a git dependency by running Yarn in its clone, which must be guarded as well. */
function guardChildren(file: string): void {
  const plugins = (process.env['YARN_PLUGINS'] ?? '').split(';').filter((path) => path !== '');
  if (!plugins.includes(file)) process.env['YARN_PLUGINS'] = [...plugins, file].join(';');
}
