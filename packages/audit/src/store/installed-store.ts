/* Folders in which a client keeps packages as they are installed: `.yarn/unplugged`, and the folders of `npx` in npm's cache. */
import { join } from 'node:path';
import { MAX_MANIFEST_FILE_BYTES } from '@tarwarden/core/limits';
import { readBounded } from '@tarwarden/host';
import { namesIn } from '../cache/folder-entries.ts';
import { assigned } from '../installed/audit-installed.ts';
import { installedChecks } from '../installed/compare.ts';
import type { InstalledFolder } from '../installed/walk.ts';
import type { AuditTask } from '../plan.ts';
import {
  differing,
  EMPTY_CACHE,
  guarded,
  NO_ARCHIVE,
  notCompared,
  SAME,
  wrongKind,
  type ClientStore,
  type KnownArchive,
  type StoredItem,
  type StoredOutcome,
} from './stored.ts';

export interface InstalledOptions {
  /** Whether the client keeps no other package inside these. */
  readonly isAlone?: boolean;
}

export function installedStore(
  tasks: readonly AuditTask[],
  packages: readonly InstalledFolder[],
  { isAlone = false }: InstalledOptions = {},
): ClientStore {
  const { byTask, unknown } = assigned(tasks, packages);
  const itemsOf = (task: AuditTask): StoredItem[] =>
    (byTask.get(task) ?? []).map(({ folder }) => ({
      path: folder,
      // The tree for pnpm has the paths of the archive.
      client: 'pnpm',
      compare: (archives) => {
        if (isPatch(task)) return notCompared(folder, PATCHED);
        const wrong = wrongKind(folder, 'folder', 'the client');
        if (wrong !== undefined) return wrong;
        return guarded(folder, () => {
          const outcome = compareInstalled(folder, archives);
          return isAlone && outcome === SAME ? compareInside(folder, archives) : outcome;
        });
      },
    }));
  return {
    itemsFor: (task) => [
      ...itemsOf(task),
      ...unknown
        .filter(({ as }) => isAlone && task.some(({ locked }) => locked.name === as))
        .map(({ folder }) => ({
          path: folder,
          compare: () => notCompared(folder, OTHER, BUILT_REMEDY),
        })),
    ],
  };
}

const OTHER = 'its package.json has another name or version than the lockfile';

/** The folder of commands is the only one that a client adds. Node prefers every other package here to those beside. */
function compareInside(folder: string, archives: readonly KnownArchive[]): StoredOutcome {
  const bundled = [...(archives[0]?.treeFor('pnpm')?.files?.keys() ?? [])];
  const [added] = namesIn(join(folder, 'node_modules')).filter(
    (name) => name !== '.bin' && !bundled.some((path) => path.startsWith(`node_modules/${name}/`)),
  );
  return added === undefined
    ? SAME
    : differing(join(folder, 'node_modules', added), 'is in a package whose archive lacks it');
}

/** The packages in `.yarn/unplugged`. Yarn finds them by the name of the folder, so package.json may say anything. */
export function unpluggedPackages(folder: string): InstalledFolder[] {
  const root = join(folder, '.yarn', 'unplugged');
  return namesIn(root).flatMap((slug) => {
    const modules = join(root, slug, 'node_modules');
    const names = namesIn(modules).flatMap((name) =>
      name.startsWith('@') ? namesIn(join(modules, name)).map((base) => `${name}/${base}`) : name,
    );
    const pinned = /-npm-(\d.*)-[0-9a-f]{10}$/.exec(slug)?.[1];
    return names.map((as): InstalledFolder => {
      const own = join(modules, as);
      if (pinned !== undefined) return { folder: own, name: as, version: pinned, as };
      return { folder: own, as, ...identityIn(own) };
    });
  });
}

function identityIn(folder: string): { readonly name: string; readonly version: string } {
  try {
    const file = join(folder, 'package.json');
    const { bytes } = readBounded(file, { bytesMax: MAX_MANIFEST_FILE_BYTES, follow: false });
    const { name, version } = JSON.parse(bytes?.toString('utf8') ?? '') as Record<string, unknown>;
    return { name: String(name), version: String(version) };
  } catch {
    return { name: '', version: '' };
  }
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
