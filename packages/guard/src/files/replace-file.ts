import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { TarwardenError } from '@tarwarden/core/errors';
import { printablePath } from '@tarwarden/core/text';
import { errnoOf, isMissing } from './errno.ts';
import { makeFolders } from './make-folders.ts';

/**
 * Writes a file in one step, so that readers see the old content or the new one. The permissions of the old file stay, unless
 * others are given. Links are neither followed nor replaced.
 * @param options `folders`: permissions of missing folders above the file, which are made.
 * @throws TarwardenError `NOT_WRITTEN`
 */
export function replaceFile(
  path: string,
  content: string | Uint8Array,
  { permissions, folders }: { readonly permissions?: number; readonly folders?: number } = {},
): void {
  if (folders !== undefined) makeFolderOf(path, folders);
  const oldMode = modeOf(path);
  const mode = permissions ?? oldMode;
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeFileSync(temporary, content, { flag: 'wx', mode: mode ?? 0o666 });
    // The umask must not remove permissions that the old file had.
    if (mode !== undefined) chmodSync(temporary, mode);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw notWritten(path, reasonOf(error), error);
  }
}

/** Makes the missing folders above a file. @throws TarwardenError `NOT_WRITTEN` */
export function makeFolderOf(path: string, mode: number): void {
  try {
    makeFolders(dirname(path), mode);
  } catch (error) {
    throw notWritten(path, `its folder cannot be made: ${reasonOf(error)}`, error);
  }
}

/** The permissions of a file. Undefined if there is none. */
function modeOf(path: string): number | undefined {
  try {
    const stat = lstatSync(path);
    if (!stat.isFile()) throw notWritten(path, 'it is not a regular file');
    return stat.mode & 0o777;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there (EACCES)',
  EPERM: 'this user may not write there (EPERM)',
  EROFS: 'the file system is read-only (EROFS)',
  ENOSPC: 'the disk is full (ENOSPC)',
};

function reasonOf(error: unknown): string {
  const code = errnoOf(error);
  return code === undefined ? 'no reason is known' : (REASONS[code] ?? code);
}

function notWritten(path: string, why: string, cause?: unknown): TarwardenError {
  const message = `${printablePath(path)} was not written: ${why}`;
  return new TarwardenError('NOT_WRITTEN', message, { cause });
}

/** The same text until a file changes. */
export function fileState(path: string): string {
  try {
    const { dev, ino, size, mode, uid, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [path, dev, ino, size, mode, uid, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    return `${path} ${(error as NodeJS.ErrnoException).code}`;
  }
}
