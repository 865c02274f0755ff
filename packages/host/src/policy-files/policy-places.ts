/* Where policies are looked for; and the policy that holds where there is none, without what it takes to read one. */
import { join } from 'node:path';
import { dayOf } from '@tarwarden/core/policy';
import { DEFAULT_POLICY, type Policy } from '@tarwarden/core';
import type { Environment } from '../verdict-store/cache-directory.ts';
import { projectFolders } from './project-root.ts';
import { userPolicyPath } from './user-policy.ts';
import { manifestFile, readTextFile, type TextFile } from './text-file.ts';

/** Name of a repository's policy file. */
export const POLICY_FILE = 'tarwarden.json';

/** A package.json with a `tarwarden` field; undefined where it has none, or is not read by any manager. */
export function manifestPolicy(path: string): TextFile | undefined {
  const file = manifestFile(path);
  if (file === undefined || !/"tarwarden"|\\u/.test(file.text)) return undefined;
  let fields: unknown;
  try {
    fields = JSON.parse(file.text.replace(/^\uFEFF/, ''));
  } catch {
    // What names a policy and cannot be read is not passed over.
    return file.text.includes('"tarwarden"') ? file : undefined;
  }
  const has = typeof fields === 'object' && fields !== null && Object.hasOwn(fields, 'tarwarden');
  return has ? file : undefined;
}

/**
 * What `loadPolicy` gives where nobody configured anything; undefined where there may be a policy to read. For
 * processes that seldom inspect: it spares them the schema, which takes longer to load than this to run.
 */
export function unconfiguredPolicy(options: {
  readonly cwd: string;
  readonly env: Environment;
  readonly platform?: NodeJS.Platform;
}): Policy | undefined {
  const user = userPolicyPath(options.env, options.platform);
  if (readTextFile(user, { follow: true }) !== undefined) return undefined;
  for (const folder of projectFolders(options.cwd)) {
    if (readTextFile(join(folder, POLICY_FILE), { follow: false }) !== undefined) return undefined;
    if (manifestPolicy(join(folder, 'package.json')) !== undefined) return undefined;
  }
  return { ...DEFAULT_POLICY, today: dayOf(Date.now()) };
}
