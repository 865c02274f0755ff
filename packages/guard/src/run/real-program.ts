/*
 * Finds the real package manager on the PATH. `which` (node-which 6) does not fit. On Windows, and for an empty part of the PATH, it
 * also looks in the current folder, where a repository could put its own npm. It also finds `npm.cmd`, which cannot be started without
 * a shell.
 */
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { isProgram, pathVariable } from '@tarwarden/guard/programs';
import { readHead } from '@tarwarden/guard/read-bounded';

/** A command of a package manager, as users type it. */
export interface Program {
  readonly name: string;
  /**
   * Paths of its script, relative to the folder of its Windows shim; the first that exists counts. Node starts the script itself,
   * because `<name>.cmd` needs a shell, and no argument survives that shell's quoting rules.
   */
  readonly windowsScripts: readonly string[];
}

/** How to start the real program: a file, and the arguments before the user's. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** Every shim, a script that replaces a manager on the PATH, has this word near its start. */
export const SHIM_MARK = 'tarwarden-shim';

const MARK_BYTES = 1024;

/** The first program of this name on the PATH that is not a shim of ours; undefined if there is none. */
export function findRealProgram(
  program: Program,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Command | undefined {
  if (platform === 'win32') return findOnWindows(program, foldersOf(env, platform));
  const file = programsOnPath(program.name, env, platform).find((path) => !isShim(path));
  return file === undefined ? undefined : { file, args: [] };
}

/** Every program of this name on the PATH, including our shims, in the order of a shell. */
export function programsOnPath(
  name: string,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string[] {
  const windows = platform === 'win32';
  const names = windows ? [`${name}.exe`, `${name}.cmd`] : [name];
  return foldersOf(env, platform)
    .flatMap((folder) => names.map((file) => join(folder, file)))
    .filter((file) => (windows ? existsSync(file) : isProgram(file)));
}

function foldersOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  return pathVariable(env, platform)
    .split(delimiter)
    .filter((folder) => folder !== '');
}

function findOnWindows(program: Program, folders: readonly string[]): Command | undefined {
  for (const folder of folders) {
    const native = join(folder, `${program.name}.exe`);
    if (existsSync(native)) return { file: native, args: [] };
    const shim = join(folder, `${program.name}.cmd`);
    if (!existsSync(shim) || isShim(shim)) continue;
    const script = program.windowsScripts
      .map((path) => join(folder, path))
      .find((path) => existsSync(path));
    if (script === undefined) continue;
    if (script.endsWith('.exe')) return { file: script, args: [] };
    const node = join(dirname(shim), 'node.exe');
    return { file: existsSync(node) ? node : process.execPath, args: [script] };
  }
  return undefined;
}

export function isShim(file: string): boolean {
  return readHead(file, MARK_BYTES).includes(SHIM_MARK);
}
