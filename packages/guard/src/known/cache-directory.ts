import { lstatSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { homeFolder } from '../files/home-folder.ts';
import { makeFolders } from '../files/make-folders.ts';

/** Environment variables, as `process.env` gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable of the XDG specification, and the folders on macOS, on Windows, and elsewhere. */
const FOLDERS = {
  cache: ['XDG_CACHE_HOME', 'Library/Caches/tarwarden', 'tarwarden/Cache', '.cache/tarwarden'],
  state: [
    'XDG_STATE_HOME',
    'Library/Application Support/tarwarden',
    'tarwarden/State',
    '.local/state/tarwarden',
  ],
} as const;

/** The folder for tarwarden's cache of this user. An absolute path, which need not exist. */
export function cacheDirectory(env: Environment, platform?: NodeJS.Platform): string {
  return userFolder('cache', env, platform);
}

/** The folder for facts about this machine, which no cache contains. An absolute path, which need not exist. */
export function stateDirectory(env: Environment, platform?: NodeJS.Platform): string {
  return userFolder('state', env, platform);
}

function userFolder(
  kind: keyof typeof FOLDERS,
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): string {
  const [variable, onMac, onWindows, elsewhere] = FOLDERS[kind];
  const xdg = env[variable];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'tarwarden');
  const home = homeFolder(env);
  if (platform !== 'win32') return join(home, platform === 'darwin' ? onMac : elsewhere);
  const local = env['LOCALAPPDATA'];
  const isUsable = local !== undefined && isAbsolute(local);
  return join(isUsable ? local : join(home, 'AppData', 'Local'), onWindows);
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
