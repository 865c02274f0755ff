/* pnpm's own folders in a user's home folder, by the platform. */
import { join } from 'node:path';
import type { Where } from '../where.ts';

type Asker = Pick<Where, 'env' | 'home' | 'platform'>;

/**
 * The folder with the user's settings. It can be relative to the folder in which pnpm runs.
 * @param major pnpm 12 takes an empty XDG_CONFIG_HOME for that folder itself.
 */
export function pnpmConfigFolder(where: Asker, major = 10): string {
  if (major > 11 && where.env['XDG_CONFIG_HOME'] === '') return 'pnpm';
  return folderOf(where, {
    variable: 'XDG_CONFIG_HOME',
    darwin: 'Library/Preferences/pnpm',
    windows: 'pnpm/config',
    other: '.config/pnpm',
    withoutLocal: '.config/pnpm',
  });
}

/** The cache where nothing is configured. */
export function pnpmCacheFolder(where: Asker): string {
  return folderOf(where, {
    variable: 'XDG_CACHE_HOME',
    darwin: 'Library/Caches/pnpm',
    windows: 'pnpm-cache',
    other: '.cache/pnpm',
    withoutLocal: '.pnpm-cache',
  });
}

/** The folder that holds the state of the commands. */
export function pnpmStateFolder(where: Asker): string {
  return folderOf(where, {
    variable: 'XDG_STATE_HOME',
    darwin: '.local/state/pnpm',
    windows: 'pnpm-state',
    other: '.local/state/pnpm',
    withoutLocal: '.pnpm-state',
  });
}

/** The folder with the store and the global packages. */
export function pnpmDataFolder(where: Asker): string {
  const own = where.env['PNPM_HOME'];
  if (own !== undefined && own !== '') return own;
  return folderOf(where, {
    variable: 'XDG_DATA_HOME',
    darwin: 'Library/pnpm',
    windows: 'pnpm',
    other: '.local/share/pnpm',
    withoutLocal: '.pnpm',
  });
}

interface Names {
  readonly variable: string;
  readonly darwin: string;
  readonly windows: string;
  readonly other: string;
  /** On Windows without LOCALAPPDATA. */
  readonly withoutLocal: string;
}

function folderOf({ env, home, platform }: Asker, names: Names): string {
  const { [names.variable]: xdg, LOCALAPPDATA: local } = env;
  // An empty variable counts as unset. A relative path is relative to the folder that pnpm runs in.
  if (xdg !== undefined && xdg !== '') return join(xdg, 'pnpm');
  if (platform === 'darwin') return join(home, names.darwin);
  if (platform !== 'win32') return join(home, names.other);
  return local === undefined || local === ''
    ? join(home, names.withoutLocal)
    : join(local, names.windows);
}
