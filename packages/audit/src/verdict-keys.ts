/* Under what the verdict about a package of a lockfile is remembered. */
import type { ExpectedPackage } from '@tarwarden/core';
import { collisionFree, type VerdictKey } from '@tarwarden/host';
import type { LockedPackage } from '@tarwarden/lockfiles';
import type { AuditPlan } from './plan.ts';

/** Only a registry hands out a package under a name; an address is asked for whatever it holds. */
export function expectedFromLockfile({
  name,
  version,
  source,
}: LockedPackage): ExpectedPackage | undefined {
  return source.type === 'registry' ? { name, version } : undefined;
}

/** Undefined where the lockfile has no integrity for it that collisions are not known for. Of npm's packages alone. */
export function verdictKeyOf(locked: LockedPackage): VerdictKey | undefined {
  const { integrity, ecosystem, source } = locked;
  // The hash in the entry of a git repository is not a hash of the fetched bytes.
  if (ecosystem !== 'npm' || source.type === 'git') return undefined;
  const expected = expectedFromLockfile(locked);
  const more = expected === undefined ? {} : { expected };
  if (integrity?.type === 'yarn-zip') {
    const digest = Buffer.from(integrity.sha512, 'hex').toString('base64');
    return { integrity: `sha512-${digest}`, format: 'yarn-zip', ...more };
  }
  const sri = integrity?.type === 'sri' ? collisionFree(integrity.value) : undefined;
  return sri === undefined ? undefined : { integrity: sri, format: 'npm', ...more };
}

/** Under what the verdicts about all packages of lockfiles are remembered. */
export function verdictKeysOf({ tasks }: AuditPlan): VerdictKey[] {
  return tasks.flatMap(([{ locked }]) => verdictKeyOf(locked) ?? []);
}
