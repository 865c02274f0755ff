/* The items that a cache or a store holds for a package of a lockfile. Each is compared with the archive of the package. */
import { lstatSync } from 'node:fs';
import { printablePath } from '@tarwarden/core/text';
import { errnoOf } from '@tarwarden/host';
import { treeDigest, type TreeClient, type UnpackedFiles } from '@tarwarden/core/trees';
import { folderTree } from '../compare/folder-files.ts';
import { differencesFrom, type UnpackedFolder } from '../compare/unpacked-folder.ts';
import type { AuditTask } from '../plan.ts';
import type { Check, NotInspectedReason } from '../result.ts';

/** The files of an accepted archive, as a client writes them. */
export interface KnownTree {
  /** Absent if only the digest is known. */
  readonly files?: UnpackedFiles;
  readonly digest?: string;
}

/** An accepted archive of a package. */
export interface KnownArchive {
  /** Undefined if the archive has links or other entries that the client may write, or no digest for this client is known. */
  treeFor(client: TreeClient): KnownTree | undefined;
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
  /** Its files are compared as this client writes them. */
  readonly client?: TreeClient;
  /** @param archives Those that the audit found. Empty if no cache has the archive. */
  readonly compare: (archives: readonly KnownArchive[]) => StoredOutcome;
}

/** One cache or store of one client. */
export interface ClientStore {
  itemsFor(task: AuditTask): readonly StoredItem[];
}

export const SAME: StoredOutcome = { checks: [] };

export function differing(path: string, message: string): StoredOutcome {
  return {
    checks: [
      { id: 'cache-mismatch', level: 'error', message: `${printablePath(path)} ${message}` },
    ],
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

/** Compares a folder with unpacked files. Every file of the archive has to be there, and no other. */
export function compareFolder(
  folder: UnpackedFolder,
  archives: readonly KnownArchive[],
): StoredOutcome {
  const { path, client } = folder;
  const wrong = wrongKind(path, 'folder', client);
  if (wrong !== undefined) return wrong;
  return guarded(path, () => {
    let first: StoredOutcome | undefined;
    for (const archive of archives) {
      const tree = archive.treeFor(client);
      if (tree === undefined) continue;
      const found = differencesFromTree(folder, tree);
      if (found === undefined) return archive.isPinned ? SAME : notCompared(path, UNPINNED);
      first ??= differing(path, `is not what the archive has: ${found}`);
    }
    return first ?? notCompared(path, NO_ARCHIVE, EMPTY_CACHE);
  });
}

function differencesFromTree(
  folder: UnpackedFolder,
  { files, digest }: KnownTree,
): string | undefined {
  if (files !== undefined) return differencesFrom(folder, files);
  const { path, client, skip, isCommand = () => false } = folder;
  const found = folderTree(path, skip);
  if (found === undefined) return 'it has links, or files that cannot be read';
  const commands = [...found].flatMap(([at, { executable }]) =>
    executable && isCommand(at) ? [at] : [],
  );
  return variantsOf(found, commands.slice(0, COMMANDS_MAX)).some(
    (tree) => treeDigest(client, tree) === digest,
  )
    ? undefined
    : 'its files do not have the remembered tree digest';
}

/** Each further command doubles the number of digests. Packages with more of them, and without these bits in the archive, are rare. */
const COMMANDS_MAX = 5;

/** The trees in which some of the commands are not executable. The archive has one of these. */
function variantsOf(found: UnpackedFiles, commands: readonly string[]): UnpackedFiles[] {
  return commands.reduce<UnpackedFiles[]>(
    (trees, at) => [
      ...trees,
      ...trees.map((tree) => new Map(tree).set(at, { ...tree.get(at)!, executable: false })),
    ],
    [found],
  );
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

export const EMPTY_CACHE = 'remove it, so that the client downloads the package again';
