/* Finds and reads the lockfiles at a path. */
import { lstatSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { printablePath, redactUrl } from '@tarwarden/core/text';
import { errnoOf, folderEntries, lockfilesAboveIn, readBounded } from '@tarwarden/guard';
import {
  isWorkspaceLockfile,
  lockfileKindOf,
  MAX_LOCKFILE_CHARS,
  readLockfile,
  type Lockfile,
} from '@tarwarden/clients/lockfiles';

/** A lockfile that was read, or the reason why it was not. */
export type LockfileFile =
  | { readonly path: string; readonly lockfile: Lockfile }
  | { readonly path: string; readonly error: string };

/** The lockfiles in a folder, or the named lockfile. Empty if the folder has none. */
export function lockfilesAt(path: string): LockfileFile[] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [{ path, error: 'there is no such file' }];
  if (!stat.isDirectory()) return [readAt(path, true)].filter((file) => file !== undefined);
  const names = readdirSync(path).toSorted();
  return [
    ...names.flatMap((name) => readAt(join(path, name), false) ?? []),
    ...unpinnedVendor(path, names),
  ];
}

/** go also builds from `vendor` if the folder has no go.sum to compare it with. */
function unpinnedVendor(folder: string, names: readonly string[]): LockfileFile[] {
  const isModule = names.includes('go.mod') || names.includes('go.work');
  if (!isModule || names.some((name) => lockfileKindOf(name) === 'go-sum')) return [];
  const path = join(folder, 'vendor', 'modules.txt');
  const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  return isThere ? [{ path, error: UNPINNED_VENDOR }] : [];
}

const UNPINNED_VENDOR =
  'go builds from this folder, and there is no go.sum to compare it with its modules: run `go mod tidy`';

/** The lockfiles above that hold for a folder. Undefined if its own are all. */
export function lockfilesAbove(
  folder: string,
): { readonly folder: string; readonly files: readonly LockfileFile[] } | undefined {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  const nearest = lockfilesAboveIn(folder, {
    namesIn: (above) => lockfilesAt(above).map(({ path }) => basename(path)),
    isShared: isWorkspaceLockfile,
  });
  if (nearest === undefined) return undefined;
  const files = lockfilesAt(nearest.folder).filter(({ path }) =>
    nearest.names.includes(basename(path)),
  );
  return { folder: nearest.folder, files };
}

/** Undefined if a file in a folder is no lockfile. */
function readAt(path: string, isNamed: boolean): LockfileFile | undefined {
  const name = basename(path);
  const kind = lockfileKindOf(name);
  if (kind === undefined) {
    if (name === 'bun.lockb') return { path, error: BINARY };
    return isNamed
      ? { path, error: 'its name is not that of a lockfile that is known' }
      : undefined;
  }
  const text = readText(path);
  if ('error' in text) return { path, ...text };
  // Most requirements files have no hashes, and are no lockfiles.
  if (!isNamed && kind === 'requirements' && !text.text.includes('--hash')) return undefined;
  return { path, lockfile: readLockfile(name, text.text) };
}

const BINARY =
  'the binary lockfile of bun is not read: make bun.lock of it, by `bun install --save-text-lockfile --frozen-lockfile --lockfile-only`';

/** Links are not followed, because the repository decides where they lead. */
function readText(path: string): { text: string } | { error: string } {
  try {
    if (lstatSync(path).isSymbolicLink())
      return {
        error: 'it is a symbolic link, which is not followed; name the file that it leads to',
      };
    const { stat, bytes } = readBounded(path, { bytesMax: MAX_LOCKFILE_CHARS, follow: false });
    if (!stat.isFile()) return { error: 'it is not a file' };
    if (bytes === undefined) return { error: 'it is too large' };
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return { error: 'it is not UTF-8 text' };
    return { error: `it cannot be read (${errnoOf(error) ?? 'unknown error'})` };
  }
}

/** Notes for the user about settings in lockfiles, one escaped line each. */
export function lockfileNotes(files: readonly LockfileFile[]): string[] {
  return files.flatMap((file) =>
    'error' in file
      ? []
      : (file.lockfile.indexes ?? []).map(
          ({ url }) =>
            `${printablePath(file.path)} names the index ${redactUrl(printablePath(url))}`,
        ),
  );
}

/** The names of the folders in a folder, without links, sorted. Empty if the folder cannot be read. */
export function realFoldersIn(path: string): string[] {
  return folderEntries(path)
    .flatMap((entry) => (entry.isDirectory() ? entry.name : []))
    .toSorted();
}
