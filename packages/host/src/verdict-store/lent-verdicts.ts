/*
 * Lends the remembered verdicts to a guard that cannot read the key of this machine, because code of packages runs beside it. The guard
 * gets copies under a key that holds for this run alone. It may only read the cache, and so may the code beside it.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { keyFor, SEAL_KEY } from '../machine-key/machine-key.ts';
import { cacheDirectory, isPrivateDirectory, type Environment } from './cache-directory.ts';
import { readSegments, writeSegment } from './verdict-segments.ts';

export interface LentVerdicts {
  /** Variables for the guard. */
  readonly variables: Readonly<Record<string, string>>;
  /** Removes the copies. */
  readonly end: () => void;
}

/** Never throws: a guard without verdicts inspects the archives again. */
export function lendVerdicts(env: Environment): LentVerdicts {
  const secret = randomBytes(32).toString('hex');
  const variables = { [SEAL_KEY]: secret };
  const copies: string[] = [];
  const end = (): void => {
    for (const path of copies.splice(0)) rmSync(path, { force: true });
  };
  const cache = cacheDirectory(env);
  const root = join(cache, 'verdicts', 'v1');
  try {
    const [own, lent] = [env, variables].map((each) => keyFor('remembered verdicts', each, false));
    const isOurs = [cache, join(cache, 'verdicts'), root].every(isPrivateDirectory);
    if (own === undefined || lent === undefined || !isOurs) return { variables, end };
    for (const context of readdirSync(root)) {
      const folder = join(root, context);
      if (!isPrivateDirectory(folder)) continue;
      const { entries } = readSegments(folder, () => own);
      if (entries.size > 0) copies.push(writeSegment(folder, entries, lent));
    }
  } catch {
    // The disk may be full. The guard inspects what it does not find.
  }
  return { variables, end };
}
