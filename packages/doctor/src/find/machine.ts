/*
 * Finds and runs the programs of this machine. An examined repository must not get its code run, and neither must another user. So
 * programs in the project are never started, and no program starts in its folder.
 */
import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { delimiter, isAbsolute, parse, resolve } from 'node:path';
import {
  findRealProgram,
  isShim,
  programsOnPath,
  type Command,
  type Program,
} from '@tarwarden/guarded-run';
import { isWithin, realAsFar } from '@tarwarden/host';

export interface LocalMachine {
  readonly platform: NodeJS.Platform;
  /** The PATH without folders of the project. */
  readonly path: string;
  /** The programs of that name on the PATH, outside the project, each once. */
  find(program: Program): readonly FoundProgram[];
  /** The path of a program that exists only in the project, so that it is not examined. */
  inProject(program: Program): string | undefined;
  /** Runs a program, and returns its output. Undefined if it cannot be started, fails, or does not end. */
  run(file: string, args: readonly string[]): Promise<string | undefined>;
}

export interface FoundProgram {
  readonly file: string;
  readonly args: readonly string[];
  /** The path without links. If the program is a script, that of the script. */
  readonly real: string;
}

export interface MachineOptions {
  readonly env: NodeJS.ProcessEnv;
  /** No program in these folders is run. */
  readonly projects: readonly string[];
  /** An empty folder, in which programs run on Windows. Elsewhere they run in the root folder. */
  readonly emptyFolder: string;
  readonly platform?: NodeJS.Platform;
}

const TIMEOUT_MS = 30_000;
const OUTPUT_BYTES_MAX = 1024 * 1024;

/** Variables that a program needs to find its own files. None of them makes it load code, or is set by a guard. */
const PASSED_ON =
  /^(?:HOME|USER|LOGNAME|LANG|LC_ALL|TMPDIR|TEMP|TMP|XDG_[A-Z_]+|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|USERPROFILE|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES|(?:PYENV|RBENV|VOLTA|NVM|FNM|ASDF|MISE)_[A-Z_]+)$/i;

/** Asking for a version must use no network, and start no other version. */
const SETTINGS = {
  COREPACK_ENABLE_NETWORK: '0',
  COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
  GOENV: 'off',
  GOTOOLCHAIN: 'local',
  GOFLAGS: '',
} as const;

export function thisMachine(options: MachineOptions): LocalMachine {
  const { env, emptyFolder, platform = process.platform } = options;
  const projects = options.projects.map((folder) => realAsFar(resolve(folder)));
  const isOurs = (path: string): boolean => projects.some((folder) => isWithin(folder, path));
  const outside = { PATH: pathOutside(env, isOurs) };
  const passedOn = Object.entries(env).filter(([name]) => PASSED_ON.test(name));
  const childEnv = { ...Object.fromEntries(passedOn), ...outside, ...SETTINGS };
  return {
    platform,
    path: outside.PATH,
    find(program) {
      const found = commandsOnPath(program, outside, platform).flatMap((command) => {
        const real = realPathOf(command.args.at(-1) ?? command.file);
        return real === undefined || isOurs(real) ? [] : [{ ...command, real }];
      });
      const places = new Map(found.toReversed().map((program) => [program.real, program]));
      return [...places.values()].toReversed();
    },
    inProject(program) {
      return this.find(program).length > 0
        ? undefined
        : programsOnPath(program.name, env, platform).find((file) => isOurs(realAsFar(file)));
    },
    async run(file, args) {
      return output(file, args, { cwd: quietFolder(emptyFolder, platform), env: childEnv });
    },
  };
}

/** Managers read settings, and run code in them, from all folders above the current one. Every user can write such files into the folder for temporary files. */
function quietFolder(emptyFolder: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? emptyFolder : parse(emptyFolder).root;
}

/** All programs of the name, in the order of the PATH. On Windows, a script may stand for each, so only the first is resolved. */
function commandsOnPath(
  program: Program,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): readonly Command[] {
  if (platform === 'win32') return [findRealProgram(program, env, platform) ?? []].flat();
  return programsOnPath(program.name, env, platform)
    .filter((file) => !isShim(file))
    .map((file) => ({ file, args: [] }));
}

/** The PATH without relative folders and without folders of the project. */
function pathOutside(env: NodeJS.ProcessEnv, isOurs: (path: string) => boolean): string {
  const path = Object.entries(env).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '';
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !isOurs(realAsFar(folder)))
    .join(delimiter);
}

export function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

async function output(
  file: string,
  args: readonly string[],
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { cwd, env, timeout: TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX } as const;
    const child = execFile(file, args, { ...options, killSignal: 'SIGKILL' }, (error, stdout) => {
      resolve(error === null ? stdout : undefined);
    });
    child.stdin?.end();
  });
}
