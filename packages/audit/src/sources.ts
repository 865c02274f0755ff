/* Everything that an audit of one folder may take bytes from. */
import { join } from 'node:path';
import { projectFolders } from '@tarwarden/host';
import { defaultNpmCache, npmCache } from './bytes/npm-cache.ts';
import { classicCaches, yarnClassicCache } from './bytes/yarn-classic-cache.ts';
import { yarnZips } from './bytes/yarn-zips.ts';
import type { Sources } from './obtain.ts';
import { loadSettings } from './settings/load.ts';
import type { Variables } from './settings/settings.ts';

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
  return {
    settings,
    offline,
    root: folder === undefined ? '' : (projectFolders(folder).at(-1) ?? folder),
    caches: [
      npmCache(settings.npmCache ?? defaultNpmCache(env)),
      ...classicCaches(env).map(yarnClassicCache),
      ...(folder === undefined
        ? []
        : [yarnZips(join(folder, '.yarn', 'cache'), { isCommitted: true })]),
      yarnZips(join(settings.yarnGlobal, 'cache'), { isCommitted: false }),
    ],
  };
}
