/* Finds the caches of this user. */
import { lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { defaultNpmCache } from '../bytes/npm-cache.ts';
import { classicCaches } from '../bytes/yarn-classic-cache.ts';
import {
  goLayers,
  goSetting,
  homeOf,
  pnpmDataFolder,
  clientContext,
  type LoadedSettings,
  type Variables,
} from '@tarwarden/settings';
import { BundleSettings } from '../ecosystems/gems/bundle-settings.ts';
import { gemFolders } from '../ecosystems/gems/gem-folders.ts';

export interface CachePlaces {
  /** Folders with whole archives, which are inspected as they are: npm's content, zips of Yarn and of go's modules, gems. */
  readonly archives: readonly string[];
  readonly yarnClassic: readonly string[];
  readonly pnpm: readonly string[];
  readonly bun: readonly string[];
}

/** The caches that exist. */
export function cachePlaces(settings: LoadedSettings, env: Variables): CachePlaces {
  const home = homeOf(env);
  const where = clientContext({ folder: '.', env });
  const npm = settings.npmCache ?? defaultNpmCache(env);
  return {
    archives: [
      join(npm, '_cacache', 'content-v2'),
      join(settings.yarnGlobal, 'cache'),
      // One variable names the folder for Yarn 1 and for newer versions. Yarn 1 keeps unpacked packages there, in `v6`.
      ...settings.yarnCaches.filter((path) => !isFolder(join(path, 'v6'))),
      join(goSetting(goLayers(where), where, 'GOMODCACHE'), 'cache', 'download'),
      ...gemFolders(env, new BundleSettings(env).get('path')),
    ].filter(isFolder),
    yarnClassic: classicCaches(env).filter(isFolder),
    pnpm: [...new Set([...settings.pnpmStores.map(storeOf), ...pnpmStores(env)])].filter(isFolder),
    bun: [...new Set([...settings.bunCaches, ...bunCaches(home, env)])].filter(isFolder),
  };
}

/** The folder that contains the stores of all versions. Settings may name one of these stores instead. */
function storeOf(path: string): string {
  return /^v\d+$/.test(basename(path)) ? dirname(path) : path;
}

/** An earlier run may have had other variables. */
function pnpmStores(env: Variables): string[] {
  const { PNPM_HOME: _, ...withoutOwn } = env;
  const { XDG_DATA_HOME: __, ...usual } = withoutOwn;
  const folders = [env, withoutOwn, usual].map((variables) =>
    pnpmDataFolder(clientContext({ folder: process.cwd(), env: variables })),
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
