/* Lists what is below a folder, in the order of a seal. Links are not followed, and nothing is opened but folders. */
import { lstatSync, opendirSync, readlinkSync, type Dirent, type Stats } from 'node:fs';
import { TarwardenError } from '@tarwarden/core/errors';
import { printablePath } from '@tarwarden/core/text';
import { errnoOf } from '../files/errno.ts';
import { MODE_BITS, DEPTH_MAX, ENTRIES_MAX, PATH_BYTES_MAX } from './format.ts';
import { basename, dirname, join, resolve } from 'node:path';
import { isWithin, realOrSame } from '../project/real-path.ts';

/** Something below a folder. The facts of a file are read when it is opened. */
export type WalkedEntry =
  | { readonly kind: 'file' | 'special'; readonly path: Buffer }
  | { readonly kind: 'folder'; readonly path: Buffer; readonly mode: number }
  | { readonly kind: 'link'; readonly path: Buffer; readonly target: Buffer };

/** The end of a folder. */
export interface FolderEnd {
  readonly kind: 'end';
  /** @throws TarwardenError if the folder was changed since it was read. */
  readonly check: () => void;
}

/** One folder on the way down. */
interface Level {
  readonly path: Buffer;
  readonly facts: Stats;
  readonly entries: readonly Dirent<Buffer>[];
  nextIndex: number;
}

const SLASH = Buffer.from('/');
const TOP: Buffer = Buffer.alloc(0);

/**
 * Yields every entry below a folder. `next(false)` after a folder leaves out what is in it.
 * @param sealName The name of the seal at the top, which is left out.
 * @throws TarwardenError if a folder cannot be read, or past a limit.
 */
export function* walkFolder(
  folder: Buffer,
  sealName: string | undefined,
): Generator<WalkedEntry | FolderEnd, undefined, boolean | undefined> {
  const levels: Level[] = [];
  // Names that wait in the folders above count too: an attacker may fill each of these folders.
  let count = 0;
  const enter = (path: Buffer, facts: Stats): void => {
    const level = openFolder(folder, path, {
      facts,
      leftOut: path.length === 0 ? sealName : undefined,
      entriesMax: ENTRIES_MAX - count,
    });
    count += level.entries.length;
    levels.push(level);
  };
  enter(TOP, factsOf(folder));
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const dirent = level.entries[level.nextIndex];
    level.nextIndex += 1;
    if (dirent === undefined) {
      levels.pop();
      const { path, facts } = level;
      yield { kind: 'end', check: () => checkUnchanged(folder, path, facts) };
      continue;
    }
    const path =
      level.path.length === 0 ? dirent.name : Buffer.concat([level.path, SLASH, dirent.name]);
    if (path.length > PATH_BYTES_MAX)
      throw notListed(folder, `has a path of more than ${PATH_BYTES_MAX} bytes`);
    if (dirent.isDirectory()) {
      if (levels.length === DEPTH_MAX)
        throw notListed(folder, `has more than ${DEPTH_MAX} folders in each other`);
      const facts = factsOf(pathBelow(folder, path));
      const isEntered = yield { kind: 'folder', path, mode: facts.mode & MODE_BITS };
      if (isEntered !== false) enter(path, facts);
    } else if (dirent.isSymbolicLink()) {
      const full = pathBelow(folder, path);
      const target = readable(full, () => readlinkSync(full, { encoding: 'buffer' }));
      yield { kind: 'link', path, target };
    } else yield { kind: dirent.isFile() ? 'file' : 'special', path };
  }
  return undefined;
}

export function pathBelow(folder: Buffer, path: Buffer): Buffer {
  return path.length === 0 ? folder : Buffer.concat([folder, SLASH, path]);
}

function openFolder(
  folder: Buffer,
  path: Buffer,
  options: {
    readonly facts: Stats;
    readonly leftOut: string | undefined;
    readonly entriesMax: number;
  },
): Level {
  const { facts, leftOut, entriesMax } = options;
  const full = pathBelow(folder, path);
  if (!facts.isDirectory()) throw changedError(full);
  const entries: Dirent<Buffer>[] = [];
  readable(full, () => {
    const open = opendirSync(full as unknown as string, {
      encoding: 'buffer' as 'utf8',
      bufferSize: 1024,
    });
    try {
      for (let rawEntry = open.readSync(); rawEntry !== null; rawEntry = open.readSync()) {
        const dirent = rawEntry as unknown as Dirent<Buffer>;
        if (leftOut !== undefined && dirent.name.equals(Buffer.from(leftOut))) continue;
        if (entries.push(dirent) > entriesMax)
          throw notListed(folder, `has more than ${ENTRIES_MAX} entries`);
      }
    } finally {
      open.closeSync();
    }
  });
  // A link that took the place of the folder would have been followed.
  checkUnchanged(folder, path, facts);
  entries.sort((first, second) => Buffer.compare(first.name, second.name));
  return { path, facts, entries, nextIndex: 0 };
}

function factsOf(full: Buffer): Stats {
  return readable(full, () => lstatSync(full));
}

function checkUnchanged(folder: Buffer, path: Buffer, before: Stats): void {
  const full = pathBelow(folder, path);
  if (!isSameState(before, factsOf(full))) throw changedError(full);
}

/** Whether a file or folder was not written between two looks at it. Nothing else depends on times. */
export function isSameState(before: Stats, now: Stats): boolean {
  return (
    before.ino === now.ino &&
    before.dev === now.dev &&
    before.mode === now.mode &&
    before.size === now.size &&
    before.mtimeMs === now.mtimeMs &&
    before.ctimeMs === now.ctimeMs
  );
}

export function changedError(path: Buffer): TarwardenError {
  return new TarwardenError('NOT_CHECKED', `${shownPath(path)} changed while it was read`);
}

/** @throws TarwardenError that names the path, if the system does not let us read it. */
export function readable<Result>(path: Buffer, operation: () => Result): Result {
  try {
    return operation();
  } catch (error) {
    if (error instanceof TarwardenError) throw error;
    const message = `${shownPath(path)} cannot be read: ${errnoOf(error) ?? String(error)}`;
    throw new TarwardenError('NOT_CHECKED', message, { cause: error });
  }
}

function notListed(folder: Buffer, why: string): TarwardenError {
  return new TarwardenError('NOT_CHECKED', `${shownPath(folder)} ${why}`);
}

/** A path for people. Bytes that are no UTF-8 are replaced. */
export function shownPath(path: Uint8Array): string {
  return printablePath(Buffer.from(path).toString());
}

export const SEAL_NAME = '.tarwarden-seal';

/** A folder, and the use that is sealed with it. */
export interface SealedFolder {
  readonly folder: string;
  /** The file of the seal, if it is not in the folder. */
  readonly file?: string | undefined;
  readonly use: string;
}

export interface SealPlace {
  /** The folder, for the system. */
  readonly path: Buffer;
  readonly folderName: string;
  /** The path of the seal. */
  readonly seal: string;
  /** The name of the seal in the folder. Undefined if it is elsewhere. */
  readonly sealName: string | undefined;
  /** The kind of the thing at the path of the folder. */
  readonly kind: 'folder' | 'link' | 'other' | 'missing';
}

/** @throws TarwardenError if the seal would be somewhere in the folder. */
export function placeOf({ folder, file }: Omit<SealedFolder, 'use'>): SealPlace {
  // Without a slash at its end: the system would follow a link.
  const path = resolve(folder);
  const facts = lstatSync(path, { throwIfNoEntry: false });
  const kind = kindOf(facts);
  if (
    kind === 'folder' &&
    file !== undefined &&
    isWithin(realOrSame(path), realOrSame(dirname(resolve(file))))
  )
    throw new TarwardenError(
      'NOT_SEALED',
      `the seal ${printablePath(file)} would be in the folder that it lists: leave out --file, or choose a file elsewhere`,
    );
  return {
    path: Buffer.from(path),
    folderName: basename(path),
    seal: file === undefined ? join(path, SEAL_NAME) : resolve(file),
    sealName: file === undefined ? SEAL_NAME : undefined,
    kind,
  };
}

function kindOf(facts: Stats | undefined): SealPlace['kind'] {
  if (facts === undefined) return 'missing';
  if (facts.isDirectory()) return 'folder';
  return facts.isSymbolicLink() ? 'link' : 'other';
}
