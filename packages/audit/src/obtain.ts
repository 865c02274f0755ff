/* The bytes of a package: from a cache that has them, else from where the lockfile says. */
import { printable, redactUrl } from '@tarwarden/core/text';
import type { LoadedSettings } from '@tarwarden/settings';
import { localArchive } from './bytes/local-file.ts';
import { download, downloadRemedy } from './bytes/registry.ts';
import type { Cache, Obtained } from './bytes/source.ts';
import type { Task } from './plan.ts';
import type { Check, NotInspected } from './result.ts';

export interface Sources {
  /** In the order in which they are asked. */
  readonly caches: readonly Cache[];
  readonly settings: LoadedSettings;
  /** Folder that makes up the project. */
  readonly root: string;
  /** Whether nothing may be downloaded. */
  readonly offline: boolean;
  /** False where nothing can say what the bytes have to be, as of a cache; else what has no integrity is not inspected. */
  readonly isPinned?: boolean;
}

export async function obtain(
  task: Task,
  { caches, settings, root, offline, isPinned = true }: Sources,
  report: (check: Check) => void,
): Promise<Obtained | NotInspected> {
  for (const cache of caches) {
    const found = cache.find(task[0], report);
    if (found !== undefined) return found;
  }
  const [{ locked }] = task;
  if (locked.source.type === 'file') return localArchive(task[0], root);
  // Yarn writes no checksum for packages of other platforms; all else has to be pinned.
  if (isPinned && locked.integrity === undefined && locked.conditional !== true)
    return noIntegrity();
  if (offline) {
    const message = 'no cache has it, and nothing is downloaded with --offline';
    return { code: 'NO_BYTES', message };
  }
  try {
    return await download(task, settings);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = printable(redactUrl(why), 2048);
    return { code: 'NO_BYTES', message, remedy: downloadRemedy(error) };
  }
}

function noIntegrity(): NotInspected {
  return {
    code: 'NO_INTEGRITY',
    message: 'the lockfile has no integrity for it, so nobody knows which bytes will be installed',
    remedy: 'have the lockfile written anew by the package manager',
  };
}
