/* Folders in which a client keeps packages as they are installed: `.yarn/unplugged`, and the folders of `npx` in npm's cache. */
import { assigned } from '../installed/audit-installed.ts';
import { installedChecks } from '../installed/compare.ts';
import type { InstalledFolder } from '../installed/walk.ts';
import type { AuditTask } from '../plan.ts';
import {
  EMPTY_CACHE,
  guarded,
  NO_ARCHIVE,
  notCompared,
  SAME,
  type ClientStore,
  type KnownArchive,
  type StoredOutcome,
} from './stored.ts';

export function installedStore(
  tasks: readonly AuditTask[],
  packages: readonly InstalledFolder[],
): ClientStore {
  const { byTask } = assigned(tasks, packages);
  return {
    itemsFor: (task) =>
      (byTask.get(task) ?? []).map(({ folder }) => ({
        path: folder,
        // The tree for pnpm has the paths of the archive.
        client: 'pnpm',
        compare: (archives) =>
          isPatch(task)
            ? notCompared(folder, PATCHED)
            : guarded(folder, () => compareInstalled(folder, archives)),
      })),
  };
}

function isPatch([{ locked }]: AuditTask): boolean {
  return locked.source.type === 'patch';
}

const PATCHED = 'Yarn made it with a patch of the project, which no archive has';

const BUILT_REMEDY =
  'remove the folder and install again, so that the scripts run on this machine; do not restore folders in which scripts wrote from a cache';

function compareInstalled(folder: string, archives: readonly KnownArchive[]): StoredOutcome {
  const files = archives[0]?.treeFor('pnpm')?.files;
  if (files === undefined) return notCompared(folder, NO_ARCHIVE, EMPTY_CACHE);
  const checks = installedChecks(folder, files).map(
    (check) => ({ ...check, id: 'cache-mismatch' }) as const,
  );
  // A warning says that scripts of the package may have written a file, or that a link stays in the package.
  const [written] = checks.filter(({ level }) => level === 'warning');
  const errors = checks.filter(({ level }) => level === 'error');
  if (errors.length > 0) return { checks: errors };
  return written === undefined ? SAME : notCompared(folder, written.message, BUILT_REMEDY);
}
