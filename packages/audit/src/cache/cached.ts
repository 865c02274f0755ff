/* What a cache has unpacked, as something to be inspected and compared. */
import type { LockedPackage, LockfileKind } from '@tarwarden/lockfiles';
import type { Compare } from '../auditor.ts';
import type { Task } from '../plan.ts';
import type { AuditResult, Check, NotInspected } from '../result.ts';

/** A package that can be inspected, or why it cannot. */
export type Cached =
  | { readonly task: Task; readonly compare: Compare }
  | { readonly result: AuditResult };

export interface CachedPackage {
  readonly kind: LockfileKind;
  readonly file: string;
  readonly locked: Pick<LockedPackage, 'name' | 'version' | 'source' | 'integrity'>;
  readonly folder: string;
  readonly compare: Compare;
}

export function cached({ kind, file, locked, folder, compare }: CachedPackage): Cached {
  const whole: LockedPackage = { ecosystem: 'npm', ...locked, line: 1, key: '' };
  return { task: [{ locked: whole, kind, place: { file }, folder }], compare };
}

export function notComparable(file: string, message: string, remedy?: string): Cached {
  const error: NotInspected = {
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
