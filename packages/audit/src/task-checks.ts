/* Decides what a task needs besides its bytes, and what is reported about these. */
import type { LockedPackage } from '@tarwarden/lockfiles';
import type { ObtainedBytes } from './bytes/source.ts';
import type { FindResult } from './ecosystems/archives.ts';
import type { AuditResult, BytesFrom, Check, NotInspectedReason } from './result.ts';

/** The outcome for a package, besides the checks. */
export type Outcome =
  | Pick<
      Extract<AuditResult, { status: 'inspected' }>,
      'status' | 'verdict' | 'from' | 'file' | 'expected'
    >
  | Pick<Extract<AuditResult, { status: 'not-inspected' }>, 'status' | 'error'>;

/** Another check for accepted bytes. A task that has one needs the bytes, even if the verdict is remembered. */
export type ArchiveComparison = (found: ObtainedBytes) => readonly Check[];

/** Whether the client chooses this file among several of the version. The result then names the file. */
export function isChosen(
  { ecosystem, anyPlatform, name, version }: LockedPackage,
  file: string,
): boolean {
  if (ecosystem === 'pypi') return true;
  return anyPlatform === true && file !== `${name}-${version}.gem`;
}

export const SEVERAL_HASHES: NotInspectedReason = {
  code: 'NO_INTEGRITY',
  message: 'its entry has several hashes, of which the package manager takes any',
  remedy: 'remove the entry, and have the package manager write it anew',
};

/** A file of a download is not compared. */
export function archiveChecks(
  found: FindResult,
  compare: ArchiveComparison | undefined,
): readonly Check[] {
  if (compare === undefined || 'code' in found || 'remembered' in found) return [];
  const { content: bytes, format, from, unpinned } = found;
  if (typeof bytes === 'string') return [];
  return compare({ bytes, from, format, ...(unpinned !== undefined && { unpinned: true }) });
}

export function unpinnedTarball({ integrity }: LockedPackage, from: BytesFrom): Check {
  const inspected = from === 'registry' ? 'what its registry has now' : 'the file as it is now';
  return integrity?.type === 'yarn-zip'
    ? unpinnedCheck(
        inspected,
        'the checksum in yarn.lock is of the zip that Yarn makes, so it is not shown that these bytes are the ones',
      )
    : unpinnedCheck(inspected, 'the lockfile has no integrity for it');
}

export function unpinnedCheck(inspected: string, why: string): Check {
  return { id: 'unpinned', level: 'warning', message: `inspected was ${inspected}: ${why}` };
}
