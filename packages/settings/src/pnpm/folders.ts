/* pnpm's own folders in a user's home folder, by the platform. */
import { join } from 'node:path';
import type { ClientContext } from '../where.ts';

type Asker = Pick<ClientContext, 'env' | 'home' | 'platform'>;

/** Paths below a user's home folder. `local` is below LOCALAPPDATA, `bare` counts on Windows without that. */
const FOLDERS = {
  XDG_CONFIG_HOME: {
    darwin: 'Library/Preferences/pnpm',
    local: 'pnpm/config',
    other: '.config/pnpm',
    bare: '.config/pnpm',
  },
  XDG_CACHE_HOME: {
    darwin: 'Library/Caches/pnpm',
    local: 'pnpm-cache',
    other: '.cache/pnpm',
    bare: '.pnpm-cache',
  },
  XDG_STATE_HOME: {
    darwin: '.local/state/pnpm',
    local: 'pnpm-state',
    other: '.local/state/pnpm',
    bare: '.pnpm-state',
  },
  XDG_DATA_HOME: {
    darwin: 'Library/pnpm',
    local: 'pnpm',
    other: '.local/share/pnpm',
    bare: '.pnpm',
  },
} as const;

/** An empty variable counts as unset. A relative path is relative to the folder that pnpm runs in. */
function folderOf({ env, home, platform }: Asker, variable: keyof typeof FOLDERS): string {
  const { [variable]: xdg, LOCALAPPDATA: local } = env;
  const names = FOLDERS[variable];
  if (xdg) return join(xdg, 'pnpm');
  if (platform === 'darwin') return join(home, names.darwin);
  if (platform !== 'win32') return join(home, names.other);
  return local ? join(local, names.local) : join(home, names.bare);
}

/**
 * The folder with the user's settings. It can be relative to the folder in which pnpm runs.
 * @param major pnpm 12 takes an empty XDG_CONFIG_HOME for that folder itself.
 */
export function pnpmConfigFolder(where: Asker, major = 10): string {
  const isEmpty = major > 11 && where.env['XDG_CONFIG_HOME'] === '';
  return isEmpty ? 'pnpm' : folderOf(where, 'XDG_CONFIG_HOME');
}

/** The cache where nothing is configured. */
export function pnpmCacheFolder(where: Asker): string {
  return folderOf(where, 'XDG_CACHE_HOME');
}

/** The folder that holds the state of the commands. */
export function pnpmStateFolder(where: Asker): string {
  return folderOf(where, 'XDG_STATE_HOME');
}

/** The folder with the store and the global packages. */
export function pnpmDataFolder(where: Asker): string {
  return where.env['PNPM_HOME'] || folderOf(where, 'XDG_DATA_HOME');
}
