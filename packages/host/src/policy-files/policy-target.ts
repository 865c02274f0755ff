/* Finds the policy file that a change is written to. */
import { join } from 'node:path';
import type { Environment } from '../verdict-store/cache-directory.ts';
import { manifestPolicy, POLICY_FILE } from './policy-places.ts';
import { projectFolders } from './project-root.ts';
import { readTextFile } from './text-file.ts';
import { userPolicyPath } from './user-policy.ts';

export interface PolicyTarget {
  /** Absolute. It may not exist yet. */
  readonly path: string;
  /** The key path of the policy in the file; empty in a file of its own. */
  readonly under: readonly string[];
}

/**
 * The policy file for the folder `cwd`, or the path to create: `tarwarden.json` at the root of the project. Throws the errors of
 * `loadPolicy` for a file that it would not read.
 */
export function projectPolicyTarget(cwd: string): PolicyTarget {
  const folders = projectFolders(cwd);
  for (const folder of folders) {
    const path = join(folder, POLICY_FILE);
    if (readTextFile(path, { follow: false }) !== undefined) return { path, under: [] };
    const manifest = join(folder, 'package.json');
    if (manifestPolicy(manifest) !== undefined && readTextFile(manifest, { follow: false }))
      return { path: manifest, under: ['tarwarden'] };
  }
  return { path: join(folders.at(-1)!, POLICY_FILE), under: [] };
}

/** The user's own policy file. */
export function userPolicyTarget(env: Environment): PolicyTarget {
  return { path: userPolicyPath(env), under: [] };
}
