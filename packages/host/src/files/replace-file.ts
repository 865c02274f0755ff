import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { TarwardenError } from '@tarwarden/core/errors';
import { printablePath } from '@tarwarden/core/text';
import { errnoOf, isMissing } from '../errno.ts';
import { makeFolders } from '../make-folders.ts';

/**
 * Writes a file in one step: who reads it has the old content or the new one. The permissions of the old file stay, unless others
 * are given. A link is not followed, and not replaced.
 * @param options `folders`: permissions of the folders above it that are made where they are missing.
 * @throws TarwardenError `NOT_WRITTEN`
 */
export function replaceFile(
  path: string,
  content: string | Uint8Array,
  { permissions, folders }: { readonly permissions?: number; readonly folders?: number } = {},
): void {
  if (folders !== undefined) makeFolderOf(path, folders);
  const found = modeOf(path);
  const mode = permissions ?? found;
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    writeFileSync(temporary, content, { flag: 'wx', mode: mode ?? 0o666 });
    // What the file let others do is not the umask's to take away.
    if (mode !== undefined) chmodSync(temporary, mode);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw notWritten(path, errnoOf(error) ?? 'the system says no reason', error);
  }
}

/** Makes the folders above a file that are missing. @throws TarwardenError `NOT_WRITTEN` */
export function makeFolderOf(path: string, mode: number): void {
  try {
    makeFolders(dirname(path), mode);
  } catch (error) {
    throw notWritten(
      path,
      `its folder cannot be made (${errnoOf(error) ?? 'no reason is known'})`,
      error,
    );
  }
}

/** Permissions of what is there; undefined where nothing is. */
function modeOf(path: string): number | undefined {
  try {
    const found = lstatSync(path);
    if (!found.isFile()) throw notWritten(path, 'it is not a regular file');
    return found.mode & 0o777;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function notWritten(path: string, why: string, cause?: unknown): TarwardenError {
  const message = `${printablePath(path)} was not written: ${why}`;
  return new TarwardenError('NOT_WRITTEN', message, { cause });
}
