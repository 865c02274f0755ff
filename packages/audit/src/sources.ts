/* Everything that an audit of one folder may take bytes from. */
import { join } from 'node:path';
import { collisionFree, projectRoot } from '@tarwarden/host';
import { loadSettings, type Variables } from '@tarwarden/settings';
import type { Cache } from './bytes/source.ts';
import { defaultNpmCache, npmCache } from './bytes/npm-cache.ts';
import { classicCaches, yarnClassicCache } from './bytes/yarn-classic-cache.ts';
import { committedZips, yarnZips } from './bytes/yarn-zips.ts';
import type { Sources } from './obtain.ts';

export interface SourcesOptions {
  readonly env: Variables;
  readonly offline: boolean;
}

/**
 * @param folder That of the lockfiles; undefined where there is no project.
 * @throws TarwardenError where a file of settings cannot be read.
 */
export function sourcesFor(folder: string | undefined, { env, offline }: SourcesOptions): Sources {
  const settings = loadSettings(folder, env);
  const { project } = settings;
  return {
    settings,
    offline,
    root: folder === undefined ? '' : projectRoot(folder),
    caches: [
      npmCache(settings.npmCache ?? defaultNpmCache(env)),
      ...classicCaches(env).map(yarnClassicCache),
      ...project.npm.map((path) => ifPinned(npmCache(path))),
      ...project.yarn.map(committedZips),
      ...[join(settings.yarnGlobal, 'cache'), ...settings.yarnCaches].map(yarnZips),
    ],
  };
}

/** A cache that a repository names, and may have filled: an integrity for which other bytes can be made proves nothing of it. */
function ifPinned(cache: Cache): Cache {
  return {
    find(entry, report) {
      const { integrity } = entry.locked;
      const isPinned = integrity?.type === 'sri' && collisionFree(integrity.value) !== undefined;
      return isPinned ? cache.find(entry, report) : undefined;
    },
  };
}
