/*
 * Finds the real package manager on the PATH. `which` (node-which 6) would also look where a repository could put an npm of its own: in
 * the current folder, on Windows and for an empty part of the PATH. It would also find `npm.cmd`, which cannot be started without a
 * shell.
 */
import { openSync, closeSync, existsSync, readSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { isProgram, pathVariable } from '@tarwarden/host/programs';

/** A command of a package manager, as users type it. */
export interface Program {
  readonly name: string;
  /**
   * Its script below the folder that its Windows shim lies in, first match wins. `<name>.cmd` cannot be started without a
   * shell, whose quoting rules no argument would survive; so the script that it runs is started by Node.
   */
  readonly windowsScripts: readonly string[];
}

/** How to start the real program: a file, and the arguments before the user's. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** A script that puts tarwarden in a manager's place on the PATH holds this word near its start. */
export const SHIM_MARK = 'tarwarden-shim';

const MARK_BYTES = 1024;

/** The first program of that name on the PATH that is not a shim of ours; undefined when there is none. */
export function findRealProgram(
  program: Program,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Command | undefined {
  if (platform === 'win32') return findOnWindows(program, foldersOf(env, platform));
  const file = programsOnPath(program.name, env, platform).find((path) => !isShim(path));
  return file === undefined ? undefined : { file, args: [] };
}

/** Every program of that name on the PATH, shims of ours among them, in the order in which a shell looks. */
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

/** Whether a file is a script that puts tarwarden in front of a manager. */
export function isShim(file: string): boolean {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const head = Buffer.alloc(MARK_BYTES);
      const length = readSync(descriptor, head, 0, MARK_BYTES, 0);
      return head.toString('latin1', 0, length).includes(SHIM_MARK);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
}
