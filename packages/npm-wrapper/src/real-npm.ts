import {
  accessSync,
  constants,
  openSync,
  closeSync,
  existsSync,
  readSync,
  statSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

export type NpmTool = 'npm' | 'npx';

/** How to start the real npm: a program and the arguments before the user's. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/** A script that puts tarwarden in npm's place on the PATH holds this word near its start. */
export const SHIM_MARK = 'tarwarden-shim';

const MARK_BYTES = 1024;

/** The first npm on the PATH that is not a shim of ours; undefined when there is none. */
export function findRealNpm(tool: NpmTool, env: NodeJS.ProcessEnv): Command | undefined {
  const folders = (pathOf(env) ?? '').split(delimiter).filter((folder) => folder !== '');
  return process.platform === 'win32' ? findOnWindows(tool, folders) : findOnPosix(tool, folders);
}

function pathOf(env: NodeJS.ProcessEnv): string | undefined {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH');
  return name === undefined ? undefined : env[process.platform === 'win32' ? name : 'PATH'];
}

function findOnPosix(tool: NpmTool, folders: readonly string[]): Command | undefined {
  const file = folders
    .map((folder) => join(folder, tool))
    .find((one) => isProgram(one) && !isShim(one));
  return file === undefined ? undefined : { file, args: [] };
}

/**
 * `npm.cmd` cannot be started without a shell, whose quoting rules no argument would survive. So the script
 * that it runs is started by the Node beside it, or by ours.
 */
function findOnWindows(tool: NpmTool, folders: readonly string[]): Command | undefined {
  for (const folder of folders) {
    const shim = join(folder, `${tool}.cmd`);
    if (!existsSync(shim) || isShim(shim)) continue;
    const script = join(folder, 'node_modules', 'npm', 'bin', `${tool}-cli.js`);
    if (!existsSync(script)) continue;
    const node = join(dirname(shim), 'node.exe');
    return { file: existsSync(node) ? node : process.execPath, args: [script] };
  }
  return undefined;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function isShim(file: string): boolean {
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
