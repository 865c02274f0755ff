import { lstatSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { homeFolder } from '../home-folder.ts';
import { makeFolders } from '../make-folders.ts';

/** Environment variables, as `process.env` gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder for tarwarden's cache of this user. An absolute path, which need not exist: `$XDG_CACHE_HOME/tarwarden`, else
 * `~/Library/Caches/tarwarden` on macOS, `%LOCALAPPDATA%\tarwarden\Cache` on Windows and `~/.cache/tarwarden` elsewhere.
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

/** Whether only this user can write a file or folder with these facts. On Windows, the profile's own rights protect it. */
function isPrivate(stat: { readonly uid: number; readonly mode: number }): boolean {
  if (process.getuid === undefined) return true;
  return stat.uid === process.getuid() && (stat.mode & 0o022) === 0;
}

/** Makes `directory` and its missing parents, 0700. Returns whether it is a {@link isPrivateDirectory} then. Never throws. */
export function makePrivateDirectory(directory: string): boolean {
  try {
    makeFolders(directory, 0o700);
    return isPrivateDirectory(directory);
  } catch {
    return false;
  }
}

/** Whether `directory` is a real folder (no link) that belongs to this user and that only this user may write. */
export function isPrivateDirectory(directory: string): boolean {
  try {
    const stat = lstatSync(directory);
    return stat.isDirectory() && isPrivate(stat);
  } catch {
    return false;
  }
}
