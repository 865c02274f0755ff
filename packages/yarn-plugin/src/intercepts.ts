import { Worker } from 'node:worker_threads';
import { Cache, MultiFetcher, Project, tgzUtils, YarnVersion } from '@yarnpkg/core';
import { place, type Intercept } from './intercept.ts';
import type { PluginState } from './state.ts';
import { convertsInPools } from './tarballs.ts';

/** Where the guard is in Yarn's way (docs/managers/yarn.md), and what of Yarn it calls there. */
export function interceptsOf(
  state: Pick<PluginState, 'archives' | 'linking' | 'tarballs'>,
): Intercept[] {
  const { archives, linking, tarballs } = state;
  const cache = { of: 'its cache', target: Cache?.prototype };
  const project = { of: 'its project', target: Project?.prototype };
  return [
    place({
      ...cache,
      method: 'fetchPackageFromCache',
      wrap: (original) =>
        async function (this: Cache, ...args) {
          return archives.fetch(this, args, (...own) => original.apply(this, own));
        },
    }),
    place({ ...cache, method: 'getLocatorPath' }),
    place({ ...cache, method: 'getLocatorMirrorPath' }),
    place({
      ...project,
      method: 'linkEverything',
      wrap: (original) =>
        async function (this: Project, options) {
          return linking.link(this, options, () => original.call(this, options));
        },
    }),
    place({
      ...project,
      method: 'persistInstallStateFile',
      wrap: (original) =>
        async function (this: Project) {
          return linking.persist(this, () => original.call(this));
        },
    }),
    place({
      of: 'its fetcher',
      target: MultiFetcher?.prototype,
      method: 'fetch',
      wrap: (original) =>
        async function (this: MultiFetcher, locator, options) {
          return tarballs.fetch(locator, options, () => original.call(this, locator, options));
        },
    }),
    ...converter(tarballs),
  ];
}

/** Yarn 4 has pools of threads, each of which is found at the first fetch. Yarn 3 hides its own: there the thread is watched. */
function converter(tarballs: PluginState['tarballs']): Intercept[] {
  const pools = { of: 'its converter', target: tgzUtils as typeof tgzUtils | undefined };
  if (convertsInPools() || YarnVersion?.startsWith('4.') === true) {
    return [
      place({ ...pools, method: 'getTaskPoolForConfiguration' }),
      place({ ...pools, method: 'getDefaultTaskPool' }),
    ];
  }
  return [
    place({
      of: 'its thread',
      target: Worker.prototype,
      method: 'postMessage',
      wrap: (original) =>
        function (this: Worker, ...args) {
          if (tarballs.post(this, args[0])) original.apply(this, args);
        },
    }),
  ];
}
