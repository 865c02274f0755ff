/*
 * The program that GOAUTH names, as os/exec of Go finds it (exec.ErrDot): never one that lies in the current folder and is found
 * there by a relative part of the PATH. That folder may be a repository of somebody else.
 */
import { delimiter, isAbsolute, join } from 'node:path';
import { quote } from '@tarwarden/core/text';
import { isProgram } from '@tarwarden/guarded-run';
import { GoAuthError } from './goauth.ts';

/** What can be started without a shell. */
const ENDINGS: readonly string[] = process.platform === 'win32' ? ['.exe', '.com', ''] : [''];

/**
 * A name with a folder in it stays as it is; any other one becomes an absolute path.
 * @throws GoAuthError where the first program of that name is in a relative folder, Error where there is none.
 */
export function helperProgram(name: string, env: NodeJS.ProcessEnv): string {
  if (/\//.test(name) || (process.platform === 'win32' && /[\\:]/.test(name))) return name;
  for (const folder of pathOf(env).split(delimiter)) {
    const file = ENDINGS.map((ending) => join(folder, name + ending)).find(isProgram);
    if (file === undefined) continue;
    if (isAbsolute(folder)) return file;
    throw new GoAuthError(
      `${quote(name)} of GOAUTH was found in the current folder; take ${quote(folder)} out of the PATH, or name the whole path of the program`,
    );
  }
  throw new Error(`${name} is not on the PATH`);
}

/** Windows has it as `Path`. */
function pathOf(env: NodeJS.ProcessEnv): string {
  const isName = (name: string): boolean =>
    process.platform === 'win32' ? name.toUpperCase() === 'PATH' : name === 'PATH';
  return Object.entries(env).find(([name]) => isName(name))?.[1] ?? '';
}
