/*
 * Finds and runs the programs of this machine. An examined repository must not get its code run, and neither must another user. So
 * programs in the project are never started, and no program starts in its folder.
 */
import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { delimiter, isAbsolute, parse, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findRealProgram, type Command, type Program } from '@tarwarden/guard/run';
import { isWithin, realAsFar } from '@tarwarden/guard';

export interface LocalMachine {
  readonly platform: NodeJS.Platform;
  /** The program of that name that starts from the PATH, outside the project. */
  findProgram(program: Program): FoundProgram | undefined;
  /** Runs a program, and returns its output. Undefined if it cannot be started, fails, or does not end. */
  run(file: string, args: readonly string[]): Promise<string | undefined>;
}

interface FoundProgram extends Command {
  /** The path without links. If the program is a script, that of the script. */
  readonly real: string;
}

export interface MachineOptions {
  readonly env: NodeJS.ProcessEnv;
  /** No program in these folders is run. */
  readonly projects: readonly string[];
  /** An empty folder, in which programs run on Windows. Elsewhere they run in the root folder. */
  readonly emptyFolder: string;
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

export function thisMachine({ env, projects, emptyFolder }: MachineOptions): LocalMachine {
  const { platform } = process;
  const folders = projects.map((folder) => realAsFar(resolve(folder)));
  const isInProject = (path: string): boolean => folders.some((folder) => isWithin(folder, path));
  const outside = { PATH: pathOutside(env, isInProject) };
  const passedOn = Object.entries(env).filter(([name]) => PASSED_ON.test(name));
  // Managers read settings, and run code in them, from all folders above the current one. Every user can write such files into the
  // folder for temporary files.
  const cwd = platform === 'win32' ? emptyFolder : parse(emptyFolder).root;
  const child = { cwd, env: { ...Object.fromEntries(passedOn), ...outside, ...SETTINGS } };
  return {
    platform,
    findProgram(program) {
      const command = findRealProgram(program, outside, platform);
      if (command === undefined) return undefined;
      const real = realPathOf(command.args.at(-1) ?? command.file);
      return real === undefined || isInProject(real) ? undefined : { ...command, real };
    },
    async run(file, args) {
      const limits = { timeout: TIMEOUT_MS, maxBuffer: OUTPUT_BYTES_MAX } as const;
      const running = runFile(file, args, { ...child, ...limits, killSignal: 'SIGKILL' });
      running.child.stdin?.end();
      return running.then(({ stdout }) => stdout).catch(() => undefined);
    },
  };
}

const runFile = promisify(execFile);

/** The PATH without relative folders and without folders of the project. */
function pathOutside(env: NodeJS.ProcessEnv, isInProject: (path: string) => boolean): string {
  const path = Object.entries(env).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '';
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder) && !isInProject(realAsFar(folder)))
    .join(delimiter);
}

export function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
