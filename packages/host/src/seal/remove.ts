import { chmodSync, lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { TarwardenError } from '@tarwarden/core/errors';
import { errnoOf, isErrno } from '../errno.ts';
import { pathBelow, shown } from './walk.ts';

const OWNER_BITS = 0o700;

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
    const levels = [openLevel(top)];
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const name = level.names.pop();
      path = name === undefined ? level.path : pathBelow(level.path, name);
      if (name === undefined) {
        levels.pop();
        if (levels.length > 0) rmdirSync(path);
        else removeEmptied(path);
      } else if (lstatSync(path).isDirectory()) levels.push(openLevel(path));
      else unlinkSync(path);
    }
  } catch (error) {
    const message = `${shown(path)} cannot be removed: ${errnoOf(error) ?? String(error)}`;
    throw new TarwardenError('NOT_CHECKED', message, { cause: error });
  }
}

function openLevel(path: Buffer): { readonly path: Buffer; readonly names: Buffer[] } {
  if ((lstatSync(path).mode & OWNER_BITS) !== OWNER_BITS) chmodSync(path, OWNER_BITS);
  return { path, names: readdirSync(path, { encoding: 'buffer' }) };
}

/** A folder that is a mount, or whose parent forbids writing, may stay: it is empty. */
function removeEmptied(path: Buffer): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (!isErrno(error, 'EBUSY', 'EACCES', 'EPERM', 'EROFS')) throw error;
  }
}
