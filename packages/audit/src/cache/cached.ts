import type { LockedPackage, LockfileKind } from '@tarwarden/lockfiles';
import type { Limits } from '@tarwarden/core/limits';
import { againstArchive } from '../compare/against-archive.ts';
import { differencesFrom, type UnpackedFolder } from '../compare/unpacked-folder.ts';
import type { ArchiveComparison } from '../task-checks.ts';
import type { AuditTask } from '../plan.ts';
import type { AuditResult, Check, NotInspectedReason } from '../result.ts';

/** An unpacked package of a cache, to be inspected and compared, or the reason why it cannot be. */
export type CacheItem =
  | { readonly task: AuditTask; readonly compare: ArchiveComparison }
  | { readonly result: AuditResult };

export interface CachedPackage {
  readonly kind: LockfileKind;
  readonly file: string;
  readonly locked: Pick<LockedPackage, 'name' | 'version' | 'source' | 'integrity'>;
  readonly folder: string;
  readonly compare: ArchiveComparison;
}

export function cacheItem({ kind, file, locked, folder, compare }: CachedPackage): CacheItem {
  const whole: LockedPackage = { ecosystem: 'npm', ...locked, line: 1, key: '' };
  return { task: [{ locked: whole, kind, place: { file }, folder }], compare };
}

export function notComparable(file: string, message: string, remedy?: string): CacheItem {
  const error: NotInspectedReason = {
    code: 'NO_BYTES',
    message,
    ...(remedy !== undefined && { remedy }),
  };
  return { result: { places: [{ file }], checks: [], status: 'not-inspected', error } };
}

export function differs(what: string, differences: string | undefined): Check[] {
  if (differences === undefined) return [];
  return [
    {
      id: 'cache-mismatch',
      level: 'error',
      message: `${what} is not what its archive has: ${differences}`,
    },
  ];
}

/** Compares a folder that a client unpacked with its archive. */
export function folderComparison(
  folder: UnpackedFolder,
  limits: Limits,
  what: string,
): ArchiveComparison {
  return (obtained) =>
    againstArchive(obtained, folder.client, limits, (files) =>
      differs(what, differencesFrom(folder, files)),
    );
}
