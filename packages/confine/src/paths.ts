import { mkdirSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { homeFolder } from '@tarwarden/host/home-folder';
import { isWithin } from '@tarwarden/host/real-path';
import { ConfineError } from './refusal.ts';

/** A path that a person wrote: with `~` for the home folder, from the folder that they are in. */
export function pathFrom(text: string, { cwd, env }: Where): string {
  const home = homeFolder(env);
  if (text === '~') return home;
  return text.startsWith('~/') ? join(home, text.slice(2)) : resolve(cwd, text);
}

export interface Where {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Where folders really are that a program is to write in, made where they are missing. One that lies in the project is left out: the
 * project is granted as a whole, and what a repository put there as a link must not be followed.
 */
export function realFolders(folders: readonly string[], root: string): string[] {
  const outside = folders.filter((folder) => !isWithin(root, folder));
  return [...new Set(outside.map(realFolder))];
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
