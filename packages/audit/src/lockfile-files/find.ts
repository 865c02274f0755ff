/* Finds and reads the lockfiles at a path. */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { printablePath, redactUrl } from '@tarwarden/core/text';
import { errnoOf, projectFolders, readBounded } from '@tarwarden/host';
import {
  lockfileKindOf,
  MAX_LOCKFILE_CHARS,
  readLockfile,
  type Lockfile,
  type LockfileKind,
} from '@tarwarden/lockfiles';

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

/**
 * The lockfiles of the nearest folder above, up to the root of the project, if the folder itself has none. A package of a workspace has
 * its lockfile there even if its own folder has a lockfile of another ecosystem.
 *
 * @param here The lockfiles of the folder.
 */
export function lockfilesAbove(
  folder: string,
  here: readonly LockfileFile[],
): { readonly folder: string; readonly files: LockfileFile[] } | undefined {
  const isWanted = here.length === 0 ? () => true : isOfNpm;
  const isCovered =
    here.some(({ path }) => path === folder || isOfNpm({ path })) ||
    !existsSync(join(folder, 'package.json'));
  if (here.length > 0 && isCovered) return undefined;
  for (const above of projectFolders(folder).slice(1)) {
    const files = lockfilesAt(above).filter(isWanted);
    if (files.length > 0) return { folder: above, files };
  }
  return undefined;
}

/** The lockfiles of clients that install a workspace from its root. */
function isOfNpm({ path }: { readonly path: string }): boolean {
  const kind = lockfileKindOf(basename(path));
  return basename(path) === 'bun.lockb' || (kind !== undefined && NPM_KINDS.has(kind));
}

const NPM_KINDS: ReadonlySet<LockfileKind> = new Set([
  'package-lock',
  'npm-shrinkwrap',
  'pnpm-lock',
  'yarn-classic',
  'yarn-berry',
  'bun',
]);

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
