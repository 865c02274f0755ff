import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { copyOfBundle } from './copies.ts';
import { edited } from './edits.ts';

/** Why Yarn must not run the program that `yarn-path` names. Undefined if it may. */
export function problemOfYarnPath(yarnPath: string): string | undefined {
  const named = resolve(yarnPath);
  if (!existsSync(named)) return undefined;
  const copy = copyOfBundle(realpathSync(named), true);
  const result = copy && edited(readFileSync(copy.bundle));
  return result !== undefined && 'problem' in result
    ? `yarn-path names ${named}, a Yarn 1 that cannot be guarded: ${result.problem}`
    : undefined;
}
