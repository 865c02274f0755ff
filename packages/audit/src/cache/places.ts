/* Where the caches of this user are. */
import { lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { defaultNpmCache } from '../bytes/npm-cache.ts';
import { classicCaches } from '../bytes/yarn-classic-cache.ts';
import {
  goLayers,
  goSetting,
  homeOf,
  pnpmDataFolder,
  whereOf,
  type LoadedSettings,
  type Variables,
} from '@tarwarden/settings';
import { BundleSettings } from '../ecosystems/gems/bundle-settings.ts';
import { gemFolders } from '../ecosystems/gems/gem-folders.ts';

export interface CachePlaces {
  /** Folders whose archives are inspected as they are: npm's content, zips of Yarn and of go's modules, gems. */
  readonly archives: readonly string[];
  readonly yarnClassic: readonly string[];
  readonly pnpm: readonly string[];
  readonly bun: readonly string[];
}

/** Those that exist. */
export function cachePlaces(settings: LoadedSettings, env: Variables): CachePlaces {
  const home = homeOf(env);
  const where = whereOf({ folder: '.', env });
  const npm = settings.npmCache ?? defaultNpmCache(env);
  return {
    archives: [
      join(npm, '_cacache', 'content-v2'),
      join(settings.yarnGlobal, 'cache'),
      // Yarn 1 unpacks into the folder that it and newer ones are given by the same variable.
      ...settings.yarnCaches.filter((path) => !isFolder(join(path, 'v6'))),
      join(goSetting(goLayers(where), where, 'GOMODCACHE'), 'cache', 'download'),
      ...gemFolders(env, new BundleSettings(env).get('path')),
    ].filter(isFolder),
    yarnClassic: classicCaches(env).filter(isFolder),
    pnpm: [...new Set([...settings.pnpmStores.map(storeOf), ...pnpmStores(env)])].filter(isFolder),
    bun: [...new Set([...settings.bunCaches, ...bunCaches(home, env)])].filter(isFolder),
  };
}

/** The folder that has one for each version; settings may also name one of these. */
function storeOf(path: string): string {
  return /^v\d+$/.test(basename(path)) ? dirname(path) : path;
}

/** An earlier run may have had other variables. */
function pnpmStores(env: Variables): string[] {
  const { PNPM_HOME: _, ...withoutOwn } = env;
  const { XDG_DATA_HOME: __, ...usual } = withoutOwn;
  const folders = [env, withoutOwn, usual].map((one) =>
    pnpmDataFolder(whereOf({ folder: process.cwd(), env: one })),
  );
  return [...new Set(folders)].map((folder) => join(folder, 'store'));
}

function bunCaches(home: string, env: Variables): string[] {
  const named = env['BUN_INSTALL_CACHE_DIR'];
  if (named !== undefined) return [named];
  const folders = [
    env['BUN_INSTALL'],
    env['XDG_CACHE_HOME'] === undefined ? undefined : join(env['XDG_CACHE_HOME'], '.bun'),
    join(home, '.bun'),
  ].filter((folder) => folder !== undefined);
  return folders.map((folder) => join(folder, 'install', 'cache'));
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
