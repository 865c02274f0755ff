import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isOursHere } from '@tarwarden/host/ownership';
import { copyOfBundle } from './copies.ts';
import { edited } from './edits.ts';

/** Why the program that a setting has run in the place of Yarn is not to be run; undefined where nothing is known against it. */
export function problemOfYarnPath(yarnPath: string): string | undefined {
  const named = resolve(yarnPath);
  if (!existsSync(named)) return undefined;
  const file = realpathSync(named);
  // Yarn reads the .yarnrc of every folder above: in one that all may write to, anybody's.
  if (isForeign(file)) return `yarn-path names ${named}, which belongs to another user`;
  const copy = copyOfBundle(file, true);
  const result = copy && edited(readFileSync(copy.bundle));
  return result !== undefined && 'problem' in result
    ? `yarn-path names ${named}, a Yarn 1 that cannot be guarded: ${result.problem}`
    : undefined;
}

/** Neither ours nor root's, nor that of whoever owns the project, as root in a container sees it. */
function isForeign(file: string): boolean {
  const { uid } = statSync(file);
  return !isOursHere(uid) && uid !== statSync(process.cwd()).uid;
}
