/* The folders of the guard: for files that outlive a run, and for those of this run. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryFolder, processName, sweep, type Confine } from '@tarwarden/guard/run';
import { cacheDirectory, makePrivateDirectory } from '@tarwarden/guard';

export interface ConfinedBun {
  readonly confine: Confine;
  /** `fetch`: no code of packages runs. `scripts`: it runs, without network. `whole`: both at once. */
  readonly phase: 'fetch' | 'scripts' | 'whole';
  /** The same folder in both steps. A confined bun can write there. */
  readonly temporary: string;
}

/** bun's cache for a run of one or two steps. */
export function confinedCache({ temporary }: ConfinedBun): string {
  return join(temporary, 'bun-cache');
}

export interface Folders {
  readonly trees: string;
  readonly manifests: string;
  readonly cache: string;
  /** Removes the folders of this run. */
  readonly remove: () => void;
}

const PREFIX = 'run-';

/**
 * Makes the folders in the user's own cache of tarwarden, which no setting of a repository can move. All folders are temporary if others
 * can write to it.
 */
export function makeRunFolders(env: NodeJS.ProcessEnv, confined: ConfinedBun | undefined): Folders {
  const cache = cacheDirectory(env);
  const bunFolder = join(cache, 'bun');
  const [trees, manifests] = [join(bunFolder, 'trees'), join(bunFolder, 'manifests')];
  const isOurs = [cache, bunFolder, trees, manifests].every(makePrivateDirectory);
  if (confined !== undefined) {
    const stores = isOurs ? { trees, manifests, remove: () => undefined } : temporaryFolders();
    return { ...stores, cache: confinedCache(confined) };
  }
  if (!isOurs) return temporaryFolders();
  try {
    const run = mkdtempSync(join(bunFolder, `${PREFIX}${processName(process.pid)}-`));
    sweep(bunFolder, PREFIX);
    return { trees, manifests, cache: run, remove: () => discard(run) };
  } catch {
    return temporaryFolders();
  }
}

function temporaryFolders(): Folders {
  const { path, reserve } = makeTemporaryFolder({ prefix: 'tarwarden-bun-cache-' });
  rmSync(reserve, { force: true });
  const [trees, manifests] = [join(path, 'trees'), join(path, 'manifests')];
  const cache = join(path, `run-${randomUUID()}`);
  for (const folder of [trees, manifests, cache]) mkdirSync(folder, { mode: 0o700 });
  return { trees, manifests, cache, remove: () => discard(path) };
}

function discard(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // A later run removes it.
  }
}
