/* pnpm's own folders in the home folder, by the platform. */
import { join } from 'node:path';
import type { ClientContext } from '../where.ts';

type Asker = Pick<ClientContext, 'env' | 'home' | 'platform'>;

/** Paths below the home folder: on macOS, on other systems, and on Windows without LOCALAPPDATA. The last is below LOCALAPPDATA. */
const FOLDERS = {
  XDG_CONFIG_HOME: ['Library/Preferences/pnpm', '.config/pnpm', '.config/pnpm', 'pnpm/config'],
  XDG_CACHE_HOME: ['Library/Caches/pnpm', '.cache/pnpm', '.pnpm-cache', 'pnpm-cache'],
  XDG_STATE_HOME: ['.local/state/pnpm', '.local/state/pnpm', '.pnpm-state', 'pnpm-state'],
  XDG_DATA_HOME: ['Library/pnpm', '.local/share/pnpm', '.pnpm', 'pnpm'],
} as const;

/** An empty variable counts as unset. A relative path is relative to the folder that pnpm runs in. */
function folderOf({ env, home, platform }: Asker, variable: keyof typeof FOLDERS): string {
  const { [variable]: xdg, LOCALAPPDATA: local } = env;
  const [onDarwin, elsewhere, onWindows, belowLocal] = FOLDERS[variable];
  if (xdg) return join(xdg, 'pnpm');
  if (platform === 'darwin') return join(home, onDarwin);
  if (platform !== 'win32') return join(home, elsewhere);
  return local ? join(local, belowLocal) : join(home, onWindows);
}

/**
 * The folder with the user's settings. It can be relative to the folder in which pnpm runs.
 * @param major pnpm 12 takes an empty XDG_CONFIG_HOME for that folder itself.
 */
export function pnpmConfigFolder(where: Asker, major = 10): string {
  const isEmpty = major > 11 && where.env['XDG_CONFIG_HOME'] === '';
  return isEmpty ? 'pnpm' : folderOf(where, 'XDG_CONFIG_HOME');
}

/** The cache, if no setting names another folder. */
export function pnpmCacheFolder(where: Asker): string {
  return folderOf(where, 'XDG_CACHE_HOME');
}

export function pnpmStateFolder(where: Asker): string {
  return folderOf(where, 'XDG_STATE_HOME');
}

/** The folder with the store and the global packages. */
export function pnpmDataFolder(where: Asker): string {
  return where.env['PNPM_HOME'] || folderOf(where, 'XDG_DATA_HOME');
}
