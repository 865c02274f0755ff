/** What the tests of caches share: a package, its archive, and all that the gate says of a cache. */
import { DEFAULT_LIMITS } from '@tarwarden/core';
import { treeDigest, unpackedFiles, type TreeClient } from '@tarwarden/core/trees';
import type { LockedPackage, LockfileKind } from '@tarwarden/lockfiles';
import type { AuditTask } from '../../../packages/audit/src/plan.ts';
import type { ClientStore, KnownArchive } from '../../../packages/audit/src/store/stored.ts';
import { tgz } from '../../support/pkg.ts';
import { sri } from '../../support/registry.ts';

export const FILES = {
  'package.json': '{"name":"a","version":"1.0.0"}',
  'index.js': 'clean',
  'lib/x.js': 'x',
};
export const bytes = tgz({
  name: 'a',
  version: '1.0.0',
  manifest: Buffer.from(FILES['package.json']),
  files: FILES,
});

export function archiveOf(
  archive: Buffer,
  format: 'npm' | 'gem' | 'gomod',
  isPinned = true,
): KnownArchive {
  return {
    isPinned,
    treeFor: (client) => {
      const files = unpackedFiles(archive, format, client, DEFAULT_LIMITS);
      return files && { files };
    },
  };
}

export function digestOf(archive: Buffer, client: TreeClient): KnownArchive {
  const files = unpackedFiles(archive, 'npm', client, DEFAULT_LIMITS)!;
  return { isPinned: true, treeFor: () => ({ digest: treeDigest(client, files) }) };
}

export function taskOf(kind: LockfileKind, locked: Partial<LockedPackage>): AuditTask {
  const whole: LockedPackage = {
    ecosystem: 'npm',
    name: 'a',
    version: '1.0.0',
    source: { type: 'registry' },
    integrity: { type: 'sri', value: sri(bytes) },
    line: 1,
    key: '',
    ...locked,
  };
  return [{ kind, locked: whole, place: { lockfile: 'lock', line: 1 }, folder: '.' }];
}

/** All that is said of a package: the differences, and the reasons for which something was not compared. */
export function said(
  store: ClientStore,
  task: AuditTask,
  archives: readonly KnownArchive[],
): string[] {
  return store.itemsFor(task).flatMap((item) => {
    const { checks, unknown } = item.compare(archives);
    return [
      ...checks.map(({ level, message }) => `${level}: ${message}`),
      ...(unknown === undefined ? [] : [`unknown: ${unknown.message}`]),
    ];
  });
}
