import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isOursHere } from '@tarwarden/host/ownership';
import { copyOfBundle } from './copies.ts';
import { edited } from './edits.ts';

/** Why Yarn must not run the program that `yarn-path` names. Undefined if it may. */
export function problemOfYarnPath(yarnPath: string): string | undefined {
  const named = resolve(yarnPath);
  if (!existsSync(named)) return undefined;
  const file = realpathSync(named);
  // Yarn also reads the .yarnrc of folders above, and these may belong to another user.
  if (isForeign(file)) return `yarn-path names ${named}, which belongs to another user`;
  const copy = copyOfBundle(file, true);
  const result = copy && edited(readFileSync(copy.bundle));
  return result !== undefined && 'problem' in result
    ? `yarn-path names ${named}, a Yarn 1 that cannot be guarded: ${result.problem}`
    : undefined;
}

/** Whether a file belongs to neither this user, nor root, nor the owner of the project, as root in a container sees it. */
function isForeign(file: string): boolean {
  const { uid } = statSync(file);
  return !isOursHere(uid) && uid !== statSync(process.cwd()).uid;
}
