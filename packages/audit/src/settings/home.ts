import { join } from 'node:path';
import { homeFolder } from '@tarwarden/host';
import type { Variables } from './settings.ts';

/** The user's home folder, by the variable that is set; Windows has the second alone. */
export function homeOf(env: Variables): string {
  return homeFolder(env, env['HOME'] === undefined ? 'USERPROFILE' : 'HOME');
}

/** A path of the user's own settings, which may begin with `~/`. */
export function fromHome(path: string, home: string): string {
  return /^~[/\\]/.test(path) ? join(home, path.slice(2)) : path;
}
