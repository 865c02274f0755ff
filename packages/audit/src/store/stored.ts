/* What a cache or a store holds for a package of a lockfile, and how that is compared with the archive of the package. */
import { lstatSync } from 'node:fs';
import type { Format } from '@tarwarden/core';
import { printablePath } from '@tarwarden/core/text';
import { errnoOf } from '@tarwarden/host';
import type { FileHashes } from '../compare/archive-files.ts';
import { describeDifferences, folderDifferences } from '../compare/differences.ts';
import type { SkipPath } from '../compare/folder-files.ts';
import type { AuditTask } from '../plan.ts';
import type { Check, NotInspectedReason } from '../result.ts';

/** An accepted archive of a package. */
export interface KnownArchive {
  readonly format: Format;
  readonly files: FileHashes;
  /** Whether it has the hash of the lockfile. Otherwise the cache alone says that it is the archive. */
  readonly isPinned: boolean;
}

export interface StoredOutcome {
  readonly checks: readonly Check[];
  /** The reason why it could not be compared. */
  readonly unknown?: NotInspectedReason;
}

/** A file or a folder that the client uses for a package without a request to a registry. */
export interface StoredItem {
  readonly path: string;
  /** @param archives Those that the audit found. Empty if no cache has the archive. */
  readonly compare: (archives: readonly KnownArchive[]) => StoredOutcome;
}

/** One cache or store of one client. */
export interface ClientStore {
  itemsFor(task: AuditTask): readonly StoredItem[];
  /** The number of packages in it for which no task asked. Absent if they are not counted. */
  others?(): number;
}

export const SAME: StoredOutcome = { checks: [] };

export function differing(path: string, message: string): StoredOutcome {
  return {
    checks: [{ id: 'cache-mismatch', level: 'error', message: `${printablePath(path)} ${message}` }],
  };
}

export function notCompared(path: string, message: string, remedy?: string): StoredOutcome {
  return {
    checks: [],
    unknown: {
      code: 'NO_BYTES',
      message: `${printablePath(path)} could not be compared: ${message}`,
      ...(remedy !== undefined && { remedy }),
    },
  };
}

export function joinedOutcome(outcomes: readonly StoredOutcome[]): StoredOutcome {
  const unknown = outcomes.find((outcome) => outcome.unknown !== undefined)?.unknown;
  return {
    checks: outcomes.flatMap(({ checks }) => checks),
    ...(unknown !== undefined && { unknown }),
  };
}

export const NO_ARCHIVE =
  'no cache has the archive that the lockfile pins, and no digest of its files is remembered';

const UNPINNED = 'the lockfile has no hash for the archive with which it was compared';

export interface UnpackedFolder {
  readonly path: string;
  readonly client: string;
  readonly skip: SkipPath;
}

/** Compares a folder with unpacked files. Every file of the archive has to be there, and no other. */
export function compareFolder(
  { path, client, skip }: UnpackedFolder,
  archives: readonly KnownArchive[],
): StoredOutcome {
  const wrong = wrongKind(path, 'folder', client);
  if (wrong !== undefined) return wrong;
  if (archives.length === 0) return notCompared(path, NO_ARCHIVE, EMPTY_CACHE);
  return guarded(path, () => {
    const found = archives.map(({ files }) =>
      describeDifferences(folderDifferences(files, path, skip), ALL_KINDS),
    );
    return settled(path, { archives, found });
  });
}

const ALL_KINDS = ['changed', 'missing', 'added', 'links'] as const;

/** The outcome of a comparison with each of the archives. One archive without a difference is enough. */
export function settled(
  path: string,
  {
    archives,
    found,
  }: {
    readonly archives: readonly KnownArchive[];
    readonly found: readonly (string | undefined)[];
  },
): StoredOutcome {
  const equal = archives.find((_, index) => found[index] === undefined);
  if (equal === undefined) return differing(path, `is not what the archive has: ${found[0] ?? ''}`);
  return equal.isPinned ? SAME : notCompared(path, UNPINNED);
}

/** The outcome if the path is a link, or is not of this kind. Undefined if it is. */
export function wrongKind(
  path: string,
  kind: 'folder' | 'file',
  client: string,
): StoredOutcome | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink() === true)
    return differing(path, `is a link, which ${client} follows and never makes`);
  const isRight = kind === 'folder' ? stat?.isDirectory() : stat?.isFile();
  return isRight === true ? undefined : differing(path, `is not a ${kind}`);
}

/** An error of the file system means that the content is unknown. */
export function guarded(path: string, compare: () => StoredOutcome): StoredOutcome {
  try {
    return compare();
  } catch (error) {
    return notCompared(path, `it cannot be read (${errnoOf(error) ?? 'unknown error'})`);
  }
}

export const EMPTY_CACHE =
  'remove it, so that the client downloads the package again; or bring verdicts with tree digests to this machine by `tarwarden verdicts pull`';
