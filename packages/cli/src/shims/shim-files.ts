import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { TarwardenError } from '@tarwarden/core';
import { quote } from '@tarwarden/core/text';
import { isShim } from '@tarwarden/guarded-run';
import { isMissing } from '@tarwarden/host';
import { notSetUp } from '../edit/file-changes.ts';
import { posixShim, SHIMS, windowsShim, type ShimName, type ShimTarget } from './script.ts';

/** Whether a PATH can have this folder, and a shell can be told of it in one line. */
export function fitsOnPath(folder: string): boolean {
  return !/[\r\n]/.test(folder) && !folder.includes(delimiter);
}

/** @throws TarwardenError if one of these paths is there and is no folder. */
export function refuseOtherFiles(folders: readonly string[]): void {
  for (const folder of folders) {
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found === undefined || found.isDirectory()) continue;
    const kind = found.isSymbolicLink() ? 'a link' : 'no folder';
    throw notSetUp(`${quote(folder)} is ${kind}: remove it`);
  }
}

/**
 * The shims by the names of their files.
 * @throws TarwardenError if the folder has a file of such a name that is not a shim.
 */
export function shimFiles(names: readonly ShimName[], target: ShimTarget): Map<string, string> {
  const files = new Map(names.map((name) => [name as string, posixShim(name, target)]));
  if (process.platform === 'win32')
    for (const name of names) files.set(`${name}.cmd`, windowsShim(name, target));
  const foreign = [...files.keys()].map((name) => join(target.folder, name)).find(isForeign);
  if (foreign === undefined) return files;
  throw new TarwardenError(
    'NOT_INSPECTED',
    `${quote(foreign)} is there and was not made by tarwarden; nothing was written: name a folder of its own`,
  );
}

export function shimsIn(folder: string): ShimName[] {
  const names = Object.keys(SHIMS) as ShimName[];
  try {
    const files = new Set(readdirSync(folder));
    return names.filter((name) => files.has(name) && isShim(join(folder, name)));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isForeign(file: string): boolean {
  return existsSync(file) && !isShim(file);
}
