/* Finds policy files, and knows the default policy. It does not load the code that reads a policy. */
import { join } from 'node:path';
import { dayOf } from '@tarwarden/core/policy';
import { DEFAULT_POLICY, type Policy } from '@tarwarden/core';
import type { Environment } from '../known/cache-directory.ts';
import { machinePolicyPath, readMachinePolicy } from './machine-policy.ts';
import { projectFolders } from './project-root.ts';
import { userPolicyPath } from './user-policy.ts';
import { manifestFile, readTextFile, type TextFile } from './text-file.ts';

/** Name of a repository's policy file. */
export const POLICY_FILE = 'tarwarden.json';

/** A package.json with a `tarwarden` field; undefined if it has no such field or no manager can read it. */
export function manifestPolicy(path: string): TextFile | undefined {
  const file = manifestFile(path);
  if (file === undefined || !/"tarwarden"|\\u/.test(file.text)) return undefined;
  let fields: unknown;
  try {
    fields = JSON.parse(file.text.replace(/^\uFEFF/, ''));
  } catch {
    // Text that mentions a policy and cannot be parsed must not be skipped.
    return file.text.includes('"tarwarden"') ? file : undefined;
  }
  const hasPolicy =
    typeof fields === 'object' && fields !== null && Object.hasOwn(fields, 'tarwarden');
  return hasPolicy ? file : undefined;
}

/** The default policy if nothing is configured; undefined if there may be a policy file. Does not load the slow schema. */
export function unconfiguredPolicy(options: {
  readonly cwd: string;
  readonly env: Environment;
  readonly platform?: NodeJS.Platform;
  /** For tests. */
  readonly machineFile?: string;
}): Policy | undefined {
  const { platform, machineFile = machinePolicyPath(platform) } = options;
  if (readMachinePolicy(machineFile) !== undefined) return undefined;
  const user = userPolicyPath(options.env, platform);
  if (readTextFile(user, { follow: true }) !== undefined) return undefined;
  for (const folder of projectFolders(options.cwd)) {
    if (readTextFile(join(folder, POLICY_FILE), { follow: false }) !== undefined) return undefined;
    if (manifestPolicy(join(folder, 'package.json')) !== undefined) return undefined;
  }
  return { ...DEFAULT_POLICY, today: dayOf(Date.now()) };
}

export interface PolicyTarget {
  /** Absolute. It may not exist yet. */
  readonly path: string;
  /** The key path of the policy in the file; empty if the file contains only the policy. */
  readonly under: readonly string[];
}

/** The policy file for the folder `cwd`, or the path to create. Throws the errors of `loadPolicy` for an unusable file. */
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
