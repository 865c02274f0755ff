import { isAbsolute, join } from 'node:path';
import { homeFolder } from '../home-folder.ts';
import type { Environment } from '../verdict-store/cache-directory.ts';

/**
 * The folder for facts about this machine, which no cache contains. An absolute path, which need not exist:
 * `$XDG_STATE_HOME/tarwarden`, else `~/Library/Application Support/tarwarden` on macOS, `%LOCALAPPDATA%\tarwarden\State` on Windows and
 * `~/.local/state/tarwarden` elsewhere.
 */
export function stateDirectory(
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): string {
  const xdg = env['XDG_STATE_HOME'];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'tarwarden');
  const home = homeFolder(env);
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'];
    const isUsable = local !== undefined && isAbsolute(local);
    return join(isUsable ? local : join(home, 'AppData', 'Local'), 'tarwarden', 'State');
  }
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'tarwarden');
  return join(home, '.local', 'state', 'tarwarden');
}
