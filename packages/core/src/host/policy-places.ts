/* Where policies are looked for; and the policy that holds where there is none, without what it takes to read one. */
import { lstatSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { TarwardenError } from '../errors.ts';
import { MAX_POLICY_PARENTS } from '../limits.ts';
import { dayOf } from '../policy/day.ts';
import { DEFAULT_POLICY, type Policy } from '../policy/policy.ts';
import { printable } from '../printable.ts';
import type { Environment } from './cache-directory.ts';
import { isMissing, readTextFile } from './text-file.ts';

/** Name of a repository's policy file. */
export const POLICY_FILE = 'tarwarden.json';

/**
 * Where the user's own policy file is, whether it exists or not: `$XDG_CONFIG_HOME/tarwarden/policy.json`, else
 * `~/.config/tarwarden/policy.json`; on Windows `%APPDATA%\tarwarden\policy.json`. An absolute path.
 */
export function userPolicyPath(
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = (platform === 'win32' ? env['USERPROFILE'] : env['HOME']) ?? homedir();
  const set = env[platform === 'win32' ? 'APPDATA' : 'XDG_CONFIG_HOME'];
  const standard = platform === 'win32' ? join(home, 'AppData', 'Roaming') : join(home, '.config');
  const folder = set !== undefined && isAbsolute(set) ? set : standard;
  return join(folder, 'tarwarden', 'policy.json');
}

/** A folder and those above it. One with `.git` is the last. */
export function* foldersAbove(start: string): Generator<string> {
  let folder = start;
  for (let step = 0; step < MAX_POLICY_PARENTS; step += 1) {
    yield folder;
    const parent = dirname(folder);
    if (parent === folder || exists(join(folder, '.git'))) return;
    folder = parent;
  }
}

/** Text of a package.json that may hold a policy. One that does not even mention the word need not be well formed. */
export function manifestText(path: string): string | undefined {
  const text = readTextFile(path, { follow: true });
  return text !== undefined && /"tarwarden"|\\u/.test(text) ? text : undefined;
}

/**
 * What `loadPolicy` gives where nobody configured anything; undefined where there may be a policy to read. For
 * processes that seldom judge: it spares them the schema, which takes longer to load than this to run.
 */
export function unconfiguredPolicy(options: {
  readonly cwd: string;
  readonly env: Environment;
  readonly platform?: NodeJS.Platform;
}): Policy | undefined {
  const user = userPolicyPath(options.env, options.platform);
  if (readTextFile(user, { follow: true }) !== undefined) return undefined;
  for (const folder of foldersAbove(resolve(options.cwd))) {
    if (readTextFile(join(folder, POLICY_FILE), { follow: false }) !== undefined) return undefined;
    if (manifestText(join(folder, 'package.json')) !== undefined) return undefined;
  }
  return { ...DEFAULT_POLICY, today: dayOf(Date.now()) };
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw new TarwardenError('POLICY_UNREADABLE', `cannot look for ${printable(path, 4096)}`, {
      cause: error,
    });
  }
}
