/* Gets the bytes of a package from a cache, else from the source in the lockfile. */
import { printable, redactUrl } from '@tarwarden/core/text';
import type { HostReach } from '@tarwarden/host';
import type { LoadedSettings } from '@tarwarden/settings';
import { OFFLINE } from './bytes/offline.ts';
import { localArchive } from './bytes/local-file.ts';
import { downloadTarball, downloadRemedy } from './bytes/registry.ts';
import type { ByteCache, ObtainedBytes } from './bytes/source.ts';
import type { AuditTask } from './plan.ts';
import type { Check, NotInspectedReason } from './result.ts';

export interface ByteSources {
  /** In the order in which they are asked. */
  readonly caches: readonly ByteCache[];
  readonly settings: LoadedSettings;
  /** The folder of the whole project. */
  readonly root: string;
  /** Whether nothing may be downloaded. */
  readonly offline: boolean;
  /** False for caches, for which no lockfile has an integrity. Otherwise a package without an integrity is not inspected. */
  readonly isPinned?: boolean;
  /** The hosts that this run has given up. */
  readonly reach?: HostReach;
}

export async function obtainBytes(
  task: AuditTask,
  { caches, settings, root, offline, isPinned = true, reach }: ByteSources,
  report: (check: Check) => void,
): Promise<ObtainedBytes | NotInspectedReason> {
  for (const cache of caches) {
    const found = cache.find(task[0], report);
    if (found !== undefined) return found;
  }
  const [{ locked }] = task;
  if (locked.source.type === 'file') return localArchive(task[0], root);
  // Yarn writes no checksum for packages of other platforms. All others need one.
  if (isPinned && locked.integrity === undefined && locked.conditional !== true)
    return noIntegrity();
  if (offline) {
    return OFFLINE;
  }
  try {
    return await downloadTarball(task, { settings, reach });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = printable(redactUrl(why), 2048);
    return { code: 'NO_BYTES', message, remedy: downloadRemedy(error) };
  }
}

function noIntegrity(): NotInspectedReason {
  return {
    code: 'NO_INTEGRITY',
    message: 'the lockfile has no integrity for it, so nobody knows which bytes will be installed',
    remedy: 'have the lockfile written anew by the package manager',
  };
}
