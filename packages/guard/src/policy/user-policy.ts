/* Finds the user's own policy file, without loading the schema or the rules. */
import { isAbsolute, join } from 'node:path';
import { MAX_POLICY_BYTES } from '@tarwarden/core/limits';
import { homeFolder } from '../files/home-folder.ts';
import { readBounded } from '../files/read-bounded.ts';
import { machinePolicyPath } from './machine-policy.ts';
import type { Environment } from '../known/cache-directory.ts';

/**
 * The path of the user's own policy file, whether it exists or not: `$XDG_CONFIG_HOME/tarwarden/policy.json`, else
 * `~/.config/tarwarden/policy.json`; on Windows `%APPDATA%\tarwarden\policy.json`. Absolute.
 */
export function userPolicyPath(
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): string {
  const isWindows = platform === 'win32';
  const configFolder = configurationVariable(env, platform);
  const within = isWindows ? join('AppData', 'Roaming') : '.config';
  return join(
    configFolder ?? join(userConfigFolder(env, platform), within),
    'tarwarden',
    'policy.json',
  );
}

/** The configuration folder that the environment names, or else the home folder. */
export function userConfigFolder(
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = platform === 'win32' ? 'USERPROFILE' : 'HOME';
  return configurationVariable(env, platform) ?? homeFolder(env, home);
}

function configurationVariable(env: Environment, platform: NodeJS.Platform): string | undefined {
  const folder = env[platform === 'win32' ? 'APPDATA' : 'XDG_CONFIG_HOME'];
  return folder !== undefined && isAbsolute(folder) ? folder : undefined;
}

/** Whether the policy of the machine or of the user has the mode `report`, and none of them the mode `refuse`. */
export function asksForReportOnly(env: Environment): boolean {
  const modes = [machinePolicyPath(), userPolicyPath(env)].map(modeIn);
  return modes.includes('report') && !modes.includes('refuse');
}

/** The mode in a policy file. Errors are ignored: `loadPolicy` reports them, and nothing is installed. */
function modeIn(path: string): unknown {
  try {
    const { bytes } = readBounded(path, { bytesMax: MAX_POLICY_BYTES, follow: true });
    return (JSON.parse(new TextDecoder().decode(bytes)) as { mode?: unknown }).mode;
  } catch {
    return undefined;
  }
}
