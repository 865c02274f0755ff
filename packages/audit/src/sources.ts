/* Collects the caches and settings from which an audit of one folder takes bytes. */
import { join } from 'node:path';
import { projectRoot } from '@tarwarden/host';
import { loadSettings, type Variables } from '@tarwarden/settings';
import { defaultNpmCache, npmCache } from './bytes/npm-cache.ts';
import { classicCaches, yarnClassicCache } from './bytes/yarn-classic-cache.ts';
import { committedZips, yarnZips } from './bytes/yarn-zips.ts';
import type { ByteSources } from './obtain.ts';

export interface SourcesOptions {
  readonly env: Variables;
  readonly offline: boolean;
}

/**
 * @param folder The folder of the lockfiles. Undefined if there is no project.
 * @throws TarwardenError if a settings file cannot be read.
 */
export function sourcesFor(
  folder: string | undefined,
  { env, offline }: SourcesOptions,
): ByteSources {
  const settings = loadSettings(folder, env);
  return {
    settings,
    offline,
    root: folder === undefined ? '' : projectRoot(folder),
    caches: [
      npmCache(settings.npmCache ?? defaultNpmCache(env)),
      ...classicCaches(env).map(yarnClassicCache),
      ...settings.projectZips.map(committedZips),
      ...[join(settings.yarnGlobal, 'cache'), ...settings.yarnCaches].map(yarnZips),
    ],
  };
}
