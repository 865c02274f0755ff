import { lstatSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { homeFolder } from '../home-folder.ts';
import { makeFolders } from '../make-folders.ts';

/** Environment variables, as `process.env` gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder under which this user's tarwarden keeps what it can always make again. An absolute path, which need
 * not exist: `$XDG_CACHE_HOME/tarwarden`, else `~/Library/Caches/tarwarden` on macOS,
 * `%LOCALAPPDATA%\tarwarden\Cache` on Windows and `~/.cache/tarwarden` elsewhere.
 */
export function cacheDirectory(
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): string {
  const xdg = env['XDG_CACHE_HOME'];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'tarwarden');
  const home = homeFolder(env);
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'];
    const set = local !== undefined && isAbsolute(local);
    return join(set ? local : join(home, 'AppData', 'Local'), 'tarwarden', 'Cache');
  }
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'tarwarden');
  return join(home, '.cache', 'tarwarden');
}

/** Whether a file or folder of these facts is ours alone to write. Windows has no such bits: there the profile's own rights hold. */
export function isPrivate(stat: { readonly uid: number; readonly mode: number }): boolean {
  if (process.getuid === undefined) return true;
  return stat.uid === process.getuid() && (stat.mode & 0o022) === 0;
}

/**
 * Makes `directory` and its missing parents, 0700. True when it is then a real folder (no link) that belongs to this
 * user and that nobody else may write; false, and nothing is said, when it cannot be made or trusted.
 */
export function makePrivateDirectory(directory: string): boolean {
  try {
    makeFolders(directory, 0o700);
    return isPrivateDirectory(directory);
  } catch {
    return false;
  }
}

/** True when `directory` is a real folder (no link) that belongs to this user and that nobody else may write. */
export function isPrivateDirectory(directory: string): boolean {
  try {
    const stat = lstatSync(directory);
    return stat.isDirectory() && isPrivate(stat);
  } catch {
    return false;
  }
}
