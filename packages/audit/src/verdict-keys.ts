/* The keys under which verdicts on packages of a lockfile are remembered. */
import type { ExpectedPackage } from '@tarwarden/core';
import { collisionFree, type VerdictKey } from '@tarwarden/host';
import type { LockedPackage } from '@tarwarden/lockfiles';

/** Only a package of a registry has to have the name and version of the lockfile. An address may have any package. */
export function expectedFromLockfile({
  name,
  version,
  source,
}: LockedPackage): ExpectedPackage | undefined {
  return source.type === 'registry' ? { name, version } : undefined;
}

/** For npm's packages only. Undefined if the lockfile has no integrity, or one with known collisions. */
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
