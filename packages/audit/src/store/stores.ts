/* Finds the caches and stores from which the clients of these lockfiles install. */
import { join } from 'node:path';
import { clientContext, goLayers, goSetting, pipCache } from '@tarwarden/settings';
import type { AuditOptions } from '../auditor.ts';
import { defaultNpmCache } from '../bytes/npm-cache.ts';
import { classicCaches } from '../bytes/yarn-classic-cache.ts';
import { namesIn } from '../cache/folder-entries.ts';
import { cachePlaces } from '../cache/places.ts';
import { BundleSettings } from '../ecosystems/gems/bundle-settings.ts';
import { gemHomes, projectGemHomes } from '../ecosystems/gems/gem-folders.ts';
import { pipConfig } from '../ecosystems/pypi/pip-config.ts';
import { installedTree } from '../installed/walk.ts';
import type { AuditPlan } from '../plan.ts';
import { bunStore } from './bun-store.ts';
import { gemStore } from './gem-store.ts';
import { goStore } from './go-store.ts';
import { installedStore, unpluggedPackages } from './installed-store.ts';
import { npmStore } from './npm-store.ts';
import { linkedNeighbours, linkedPackages, pnpmStores } from './pnpm-store.ts';
import { pipStore } from './pip-store.ts';
import type { ClientStore } from './stored.ts';
import { yarnClassicStore } from './yarn-classic-store.ts';
import { yarnZipStore } from './yarn-zip-store.ts';

/** @param folder The folder of the lockfiles. */
export function storesFor(
  folder: string,
  { tasks }: AuditPlan,
  { settings, env, root, policy }: Pick<AuditOptions, 'settings' | 'env' | 'root' | 'policy'>,
): ClientStore[] {
  const kinds = new Set(tasks.flatMap((task) => task.map(({ kind }) => kind)));
  const where = clientContext({ folder: '.', env });
  const { pnpm, bun } = cachePlaces(settings, env);
  const npmCaches = [settings.npmCache ?? defaultNpmCache(env)];
  const npx = npmCaches.flatMap((cache) =>
    namesIn(join(cache, '_npx')).flatMap((name) => {
      const own = join(cache, '_npx', name);
      return installedTree(own, { root: own, members: [] }).packages;
    }),
  );
  return [
    ...(kinds.has('package-lock') || kinds.has('npm-shrinkwrap')
      ? [...npmCaches.map((cache) => npmStore(cache, settings)), installedStore(tasks, npx)]
      : []),
    ...(kinds.has('yarn-classic') ? classicCaches(env).map(yarnClassicStore) : []),
    ...(kinds.has('yarn-berry')
      ? [
          ...[
            ...settings.projectZips,
            join(settings.yarnGlobal, 'cache'),
            ...settings.yarnCaches,
          ].map(yarnZipStore),
          installedStore(tasks, unpluggedPackages(folder), { isAlone: true }),
        ]
      : []),
    ...(kinds.has('pnpm-lock')
      ? pnpm.flatMap((store) => {
          const linked = linkedPackages(store, tasks);
          return [
            ...pnpmStores(store),
            installedStore(tasks, linked, { isAlone: true }),
            linkedNeighbours(linked),
          ];
        })
      : []),
    ...(kinds.has('bun') ? bun.map(bunStore) : []),
    ...(kinds.has('gemfile-lock')
      ? [
          ...gemHomes(env, new BundleSettings(env).get('path')),
          ...projectGemHomes(folder, root),
        ].map(gemStore)
      : []),
    ...(kinds.has('requirements') || kinds.has('pylock')
      ? [pipStore(pipCache(where), { config: pipConfig(env), limits: policy.limits })]
      : []),
    ...(kinds.has('go-sum') ? [goStore(goSetting(goLayers(where), where, 'GOMODCACHE'))] : []),
  ];
}
