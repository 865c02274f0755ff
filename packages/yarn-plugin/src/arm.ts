import { Cache, MultiFetcher, Project, tgzUtils, YarnVersion, type Hooks } from '@yarnpkg/core';
import { report, takeNonce, YARN_STATUS } from '@tarwarden/guarded-run';
import { watchArchives } from './archives.ts';
import { wrapNetworkRequest } from './downloads.ts';
import { guardFor } from './guard.ts';
import { watchLinking } from './linking.ts';
import { refuseLinksOut } from './links.ts';
import { watchTarballs } from './tarballs.ts';

declare const TARWARDEN_VERSION: string;

export interface Armed {
  /** The plugin's own file. */
  readonly file: string;
  readonly version: string;
  /** Those of the copy that is armed: Yarn loads a plugin several times in a process, each with state of its own. */
  readonly hooks: Hooks;
}

const KEY = Symbol.for('tarwarden.yarn-plugin');

type Marked = { [KEY]?: Armed };

const hooks: Hooks = {
  wrapNetworkRequest,
  // A policy that is not valid is reported once, before anything else is done, and so are links at what Yarn writes
  // before it links.
  // oxlint-disable-next-line typescript/no-misused-promises -- Yarn waits for it
  async validateProject(project) {
    await guardFor(project.configuration);
    await refuseLinksOut(project);
  },
};

/** How the guard stands in this process; undefined where it does not. */
export function armed(): Armed | undefined {
  return (Cache.prototype as Marked)[KEY];
}

/**
 * Puts the guard between Yarn's fetchers, its converter and its cache, once in a process. Throws where this Yarn is not
 * built as the guard knows it: better no install than one that is not watched.
 */
export function arm(file: string): Armed {
  const before = armed();
  if (before !== undefined) return before;
  for (const what of strangeness()) {
    throw new Error(
      `tarwarden: unsupported Yarn ${YarnVersion ?? 'of unknown version'} (${what}); refusing to run unguarded`,
    );
  }
  watchTarballs();
  watchArchives();
  watchLinking();
  const state: Armed = { file, version: TARWARDEN_VERSION, hooks };
  Object.defineProperty(Cache.prototype, KEY, { value: state });
  guardChildren(file);
  const nonce = takeNonce(process.env, YARN_STATUS);
  report(process.env, YARN_STATUS, { event: 'armed', nonce, yarn: YarnVersion ?? '' });
  return state;
}

function* strangeness(): Generator<string> {
  const major = /^(\d+)\./.exec(YarnVersion ?? '')?.[1];
  if (major !== '3' && major !== '4') yield 'neither version 3 nor 4';
  const cache: Partial<typeof Cache.prototype> | undefined = Cache?.prototype;
  const methods = ['fetchPackageFromCache', 'getLocatorPath', 'getLocatorMirrorPath'] as const;
  for (const name of methods) {
    if (typeof cache?.[name] !== 'function') yield `its cache has no ${name}`;
  }
  const project: Partial<typeof Project.prototype> | undefined = Project?.prototype;
  for (const name of ['linkEverything', 'persistInstallStateFile'] as const) {
    if (typeof project?.[name] !== 'function') yield `its project has no ${name}`;
  }
  const fetcher: Partial<MultiFetcher> | undefined = MultiFetcher?.prototype;
  if (typeof fetcher?.fetch !== 'function') yield 'its fetcher has no fetch';
  const pools: Partial<typeof tgzUtils> = tgzUtils;
  const has = [pools.getTaskPoolForConfiguration, pools.getDefaultTaskPool].map(
    (one) => typeof one === 'function',
  );
  if (major === '4' && has.includes(false)) yield 'its tarballs are converted elsewhere';
}

/** Yarn packs a git dependency by running Yarn in its clone, which must be guarded as well. */
function guardChildren(file: string): void {
  const plugins = (process.env['YARN_PLUGINS'] ?? '').split(';').filter((one) => one !== '');
  if (!plugins.includes(file)) process.env['YARN_PLUGINS'] = [...plugins, file].join(';');
}
