import { mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { homeFolder } from '@tarwarden/host/home-folder';
import { isWithin, realAsFar } from '@tarwarden/host/real-path';
import { pathOfSetting as pathIn } from '@tarwarden/settings';
import { ConfineError } from './refusal.ts';

/** A path that a person wrote: with `~` for the home folder, from the folder that they are in. */
export function pathFrom(text: string, { cwd, env }: Where): string {
  return pathIn(text, { folder: cwd, home: homeFolder(env) });
}

export interface Where {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Where folders really are that a program is to write in, made where they are missing. What lies in one that is granted as a whole,
 * the project or another of these, is left out: what is confined may have put a link there, which must not be followed.
 */
export function realFolders(folders: readonly string[], granted: readonly string[]): string[] {
  const found: string[] = [];
  for (const folder of folders.toSorted((one, other) => one.length - other.length))
    if (!leadsThrough(folder, [...granted, ...found])) found.push(realFolder(folder));
  return found;
}

/** Whether a path comes by one of these folders, which are without links, wherever it leads from there. */
function leadsThrough(path: string, folders: readonly string[]): boolean {
  return foldersAbove(path).some((part) => {
    const place = join(realAsFar(dirname(part)), basename(part));
    return folders.some((folder) => isWithin(folder, place));
  });
}

function realFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return realpathSync(folder);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new ConfineError(`${folder}, where writing would be allowed, cannot be made (${code})`);
  }
}
