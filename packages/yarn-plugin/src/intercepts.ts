import { Worker } from 'node:worker_threads';
import { interception, type Interception } from '@tarwarden/guard/run';
import { Cache, MultiFetcher, Project, tgzUtils, YarnVersion } from '@yarnpkg/core';
import { refuseCacheOut } from './links.ts';
import type { PluginState } from './state.ts';
import { convertsInPools } from './tarballs.ts';

const CACHE = { owner: 'its cache' };
const PROJECT = { owner: 'its project' };
const CONVERTER = { owner: 'its converter' };

/** The methods of Yarn that the guard replaces (docs/managers/yarn.md), and those that it calls. */
export function interceptsOf(
  state: Pick<PluginState, 'archives' | 'guards' | 'tarballs'>,
): Interception[] {
  const { archives, guards, tarballs } = state;
  return [
    interception(
      Cache?.prototype,
      'fetchPackageFromCache',
      (original) =>
        async function (this: Cache, ...args) {
          return archives.fetch(this, args, (...fetchArgs) => original.apply(this, fetchArgs));
        },
      CACHE,
    ),
    interception(
      Cache?.prototype,
      'setup',
      (original) =>
        async function (this: Cache) {
          await refuseCacheOut(this, guards);
          return original.call(this);
        },
      CACHE,
    ),
    interception(Cache?.prototype, 'getLocatorPath', undefined, CACHE),
    interception(Cache?.prototype, 'getLocatorMirrorPath', undefined, CACHE),
    interception(
      Project?.prototype,
      'fetchEverything',
      (original) =>
        async function (this: Project, options) {
          guards.words.note(this);
          return original.call(this, options);
        },
      PROJECT,
    ),
    interception(
      MultiFetcher?.prototype,
      'fetch',
      (original) =>
        async function (this: MultiFetcher, locator, options) {
          return tarballs.fetch(locator, options, () => original.call(this, locator, options));
        },
      { owner: 'its fetcher' },
    ),
    ...converter(tarballs),
  ];
}

/** Yarn 4 has pools of threads, which the guard finds at the first fetch. Yarn 3 hides its pool, so the guard watches its threads. */
function converter(tarballs: PluginState['tarballs']): Interception[] {
  if (convertsInPools() || YarnVersion?.startsWith('4.') === true) {
    const pools = tgzUtils as typeof tgzUtils | undefined;
    return [
      interception(pools, 'getTaskPoolForConfiguration', undefined, CONVERTER),
      interception(pools, 'getDefaultTaskPool', undefined, CONVERTER),
    ];
  }
  return [
    interception(
      Worker.prototype,
      'postMessage',
      (original) =>
        function (this: Worker, ...args) {
          if (tarballs.post(this, args[0])) original.apply(this, args);
        },
      { owner: 'its thread' },
    ),
  ];
}
