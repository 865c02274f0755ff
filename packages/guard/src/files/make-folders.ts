import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from './errno.ts';

/**
 * Makes a folder and the missing folders above it. Node's own option (`recursive`) never returns below a folder such as /proc,
 * where the system refuses every new folder with "does not exist".
 * @throws the errors of node:fs.
 */
export function makeFolders(folder: string, mode: number): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolders(parent, mode);
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    // Another process may have made the folder first.
    if (errnoOf(error) !== 'EEXIST' || !statSync(folder).isDirectory()) throw error;
  }
}
