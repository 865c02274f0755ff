import { homedir, userInfo } from 'node:os';
import { isAbsolute, resolve } from 'node:path';

/**
 * The user's home folder, always absolute. A variable that is empty or relative names none: by it, what is the user's own would be
 * looked for in the current folder, which may be a repository's.
 */
export function homeFolder(
  env: Readonly<Record<string, string | undefined>>,
  variable: 'HOME' | 'USERPROFILE' = 'HOME',
): string {
  // The second reads the variable of this process, which may be another.
  return [env[variable], homedir(), accountHome()].find(isFolder) ?? resolve('/');
}

function isFolder(path: string | undefined): path is string {
  return path !== undefined && isAbsolute(path);
}

/** The home folder that the system has for this user's account, whatever the environment says. */
export function accountHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined; // No account of this number, as in a container with `--user`.
  }
}
