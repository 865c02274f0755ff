/*
 * Lends the remembered verdicts to a guard that cannot read the key of this machine, because code of packages runs beside it. The guard
 * gets copies under a key that holds for this run alone. It may only read the cache, and so may the code beside it.
 */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { keyFor, SEAL_KEY } from '../machine-key.ts';
import { folderEntries } from '../project/folder-entries.ts';
import { cacheDirectory, type Environment } from './cache-directory.ts';
import { VerdictFile } from './verdict-file.ts';

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
  const root = join(cacheDirectory(env), 'verdicts', 'v1');
  try {
    const [ownKey, lentKey] = [env, variables].map((environment) =>
      keyFor('remembered verdicts', environment, false),
    );
    if (ownKey === undefined || lentKey === undefined) return { variables, end };
    for (const { name } of folderEntries(root)) {
      const { entries } = new VerdictFile(join(root, name), ownKey);
      if (entries.size === 0) continue;
      const copy = new VerdictFile(join(root, name), lentKey);
      copies.push(copy.path);
      copy.add(entries);
    }
  } catch {
    // The disk may be full. The guard inspects what it does not find.
  }
  return { variables, end };
}
