import { homedir, userInfo } from 'node:os';
import { isAbsolute, resolve } from 'node:path';

/** The home folder, always absolute. An empty or relative variable is ignored: it would make the current folder the user's own. */
export function homeFolder(
  env: Readonly<Record<string, string | undefined>>,
  variable: 'HOME' | 'USERPROFILE' = 'HOME',
): string {
  // `homedir()` reads the variable of this process, which may differ from `env`.
  return [env[variable], homedir(), accountHome()].find(isFolder) ?? resolve('/');
}

function isFolder(path: string | undefined): path is string {
  return path !== undefined && isAbsolute(path);
}

/** The home folder of this user's account by the system's records, whatever the environment says. */
export function accountHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined; // No account of this number, as in a container with `--user`.
  }
}
