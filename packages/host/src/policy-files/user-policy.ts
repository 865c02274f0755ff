/* The user's own policy file, for who needs neither a schema nor the rules. */
import { isAbsolute, join } from 'node:path';
import { MAX_POLICY_BYTES } from '@tarwarden/core/limits';
import { homeFolder } from '../home-folder.ts';
import { readBounded } from '../read-bounded.ts';
import type { Environment } from '../verdict-store/cache-directory.ts';

/**
 * Where the user's own policy file is, whether it exists or not: `$XDG_CONFIG_HOME/tarwarden/policy.json`, else
 * `~/.config/tarwarden/policy.json`; on Windows `%APPDATA%\tarwarden\policy.json`. An absolute path.
 */
export function userPolicyPath(
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): string {
  const isWindows = platform === 'win32';
  const set = configurationVariable(env, platform);
  const within = isWindows ? join('AppData', 'Roaming') : '.config';
  return join(set ?? join(ownFolder(env, platform), within), 'tarwarden', 'policy.json');
}

/** The folder that the environment names as the user's own: the one for configuration where it is set, else the home folder. */
export function ownFolder(env: Environment, platform: NodeJS.Platform = process.platform): string {
  const home = platform === 'win32' ? 'USERPROFILE' : 'HOME';
  return configurationVariable(env, platform) ?? homeFolder(env, home);
}

function configurationVariable(env: Environment, platform: NodeJS.Platform): string | undefined {
  const set = env[platform === 'win32' ? 'APPDATA' : 'XDG_CONFIG_HOME'];
  return set !== undefined && isAbsolute(set) ? set : undefined;
}

/** Whether that file asks for no more than reports. What is wrong with it is for others to say: then nothing is installed. */
export function asksForReportOnly(env: Environment): boolean {
  try {
    const how = { bytesMax: MAX_POLICY_BYTES, follow: true };
    const text = new TextDecoder().decode(readBounded(userPolicyPath(env), how).bytes);
    return (JSON.parse(text) as { mode?: unknown }).mode === 'report';
  } catch {
    return false;
  }
}
