/*
 * Runs what is tried. It cannot be trusted to keep to its folder: that is the question. So, where bubblewrap is installed
 * and the kernel lets it, the program sees everything else read-only and has no network.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface Cage {
  readonly confined: boolean;
  /** The exit code; undefined where it did not end by itself. */
  run(command: readonly [string, ...string[]], options: CageOptions): Promise<number | undefined>;
}

export interface CageOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

const BUBBLEWRAP = '/usr/bin/bwrap';
const TIMEOUT_MS = 30_000;

/** `root`: the only folder that may be written to. */
export async function cageFor(root: string): Promise<Cage> {
  const readOnly = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'] as const;
  const alone = ['--unshare-net', '--unshare-pid', '--unshare-ipc', '--new-session'] as const;
  const around = [
    BUBBLEWRAP,
    ...readOnly,
    ...alone,
    '--die-with-parent',
    '--bind',
    root,
    root,
  ] as const;
  const confined =
    existsSync(BUBBLEWRAP) && (await start([...around, '/bin/true'], { cwd: root, env: {} })) === 0;
  return {
    confined,
    run: async (command, options) => start(confined ? [...around, ...command] : command, options),
  };
}

async function start(
  [file, ...args]: readonly [string, ...string[]],
  { cwd, env }: CageOptions,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    // A group of its own, so that what it starts ends with it.
    const child = spawn(file, args, { cwd, env, stdio: 'ignore', detached: true });
    const timer = setTimeout(() => kill(child.pid), TIMEOUT_MS);
    const end = (code: number | undefined): void => {
      clearTimeout(timer);
      kill(child.pid);
      resolve(code);
    };
    child.once('error', () => end(undefined));
    child.once('exit', (code) => end(code ?? undefined));
  });
}

function kill(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
