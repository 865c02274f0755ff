/*
 * Finds the program that GOAUTH names, as os/exec of Go does (exec.ErrDot). It never takes a program that a relative part of PATH finds
 * in the current folder, because that folder may be a repository of somebody else.
 */
import { delimiter, isAbsolute, join } from 'node:path';
import { quote } from '@tarwarden/core/text';
import { isProgram, pathVariable } from '../programs.ts';
import { GoAuthError } from './authentication.ts';

/** Endings of programs that can be started without a shell. */
const ENDINGS: readonly string[] = process.platform === 'win32' ? ['.exe', '.com', ''] : [''];

/**
 * Returns a name with a folder in it unchanged, and the absolute path of any other program.
 * @throws GoAuthError if the first program of that name is in a relative folder, Error if no folder has one.
 */
export function helperProgram(name: string, env: NodeJS.ProcessEnv): string {
  if (/\//.test(name) || (process.platform === 'win32' && /[\\:]/.test(name))) return name;
  for (const folder of pathVariable(env).split(delimiter)) {
    const file = ENDINGS.map((ending) => join(folder, name + ending)).find(isProgram);
    if (file === undefined) continue;
    if (isAbsolute(folder)) return file;
    throw new GoAuthError(
      `${quote(name)} of GOAUTH was found in the current folder; take ${quote(folder)} out of the PATH, or name the whole path of the program`,
    );
  }
  throw new Error(`${name} is not on the PATH`);
}
