import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, readdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { TarwardenError } from '@tarwarden/core/errors';
import { errnoOf, isErrno } from '../files/errno.ts';
import { pathBelow, shownPath } from './walk.ts';

const OWNER_BITS = 0o700;

/** Bytes of a path below the folder. Systems refuse longer paths than 4096 bytes, and macOS those of more than 1024. */
const REMOVED_PATH_BYTES_MAX = 512;

/**
 * Removes a folder with everything in it, also folders that forbid writing, as Go's module cache has. Links are removed and never
 * followed, also a link at the path of the folder itself.
 * @throws TarwardenError if something stays.
 */
export function removeFolder(folder: string): void {
  const top = Buffer.from(resolve(folder));
  let path: Buffer = top;
  try {
    if (!lstatSync(top).isDirectory()) {
      unlinkSync(top);
      return;
    }
    const first = openLevel(top);
    const levels = [first];
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const name = level.names.pop();
      path = name === undefined ? level.path : pathBelow(level.path, Buffer.from(name, 'latin1'));
      if (name === undefined) {
        levels.pop();
        if (levels.length > 0) rmdirSync(path);
        else removeEmptied(path);
      } else if (!lstatSync(path).isDirectory()) unlinkSync(path);
      else if (path.length - top.length <= REMOVED_PATH_BYTES_MAX) levels.push(openLevel(path));
      else first.names.push(moveUp(path, top));
    }
  } catch (error) {
    const message = `${shownPath(path)} cannot be removed: ${errnoOf(error) ?? String(error)}`;
    throw new TarwardenError('NOT_CHECKED', message, { cause: error });
  }
}

function openLevel(path: Buffer): { readonly path: Buffer; readonly names: string[] } {
  allowChanges(path);
  // Latin-1 keeps each byte, and a string needs less memory than a buffer.
  return { path, names: readdirSync(path, { encoding: 'latin1' }) };
}

function allowChanges(path: Buffer): void {
  if ((lstatSync(path).mode & OWNER_BITS) !== OWNER_BITS) chmodSync(path, OWNER_BITS);
}

/** Moves a folder to the top, where its content has short paths. Returns its new name. */
function moveUp(path: Buffer, top: Buffer): string {
  const name = `.${randomBytes(8).toString('hex')}`;
  allowChanges(path);
  renameSync(path, pathBelow(top, Buffer.from(name)));
  return name;
}

/** A folder that is a mount, or whose parent forbids writing, may stay: it is empty. */
function removeEmptied(path: Buffer): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (!isErrno(error, 'EBUSY', 'EACCES', 'EPERM', 'EROFS')) throw error;
  }
}
