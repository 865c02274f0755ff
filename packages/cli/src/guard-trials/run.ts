import { spawn, type ChildProcess } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { EXIT } from '@tarwarden/guarded-run';

/** Milliseconds for one install of one tiny package; corepack may download a manager first. */
const RUN_MS = 120_000;

/** Milliseconds that what outlives a manager may hold its output open. */
const LINGER_MS = 2000;

/** Characters of output that are kept. */
const OUTPUT_CHARS = 1024 * 1024;

export interface Run {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** Everything printed, without colours. */
  readonly output: string;
  readonly timedOut: boolean;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds after which it is ended. */
  readonly timeout?: number;
}

const running = new Set<ChildProcess>();

/** Ends what is running, with all that it started. */
export function endAll(): void {
  for (const child of running) end(child);
}

/** Runs a command as it would be typed: the first of its name on the PATH. One that cannot be started has the code
 * that a shell gives. */
export async function runTyped(
  name: string,
  args: readonly string[],
  { cwd, env, timeout = RUN_MS }: RunOptions,
): Promise<Run> {
  return new Promise((resolve) => {
    const windows = process.platform === 'win32';
    const child = spawn(name, args, {
      cwd,
      env,
      // Windows starts a `.cmd` by a shell only; no argument of ours needs quotes.
      shell: windows,
      // A group of its own, so that all of it can be ended.
      detached: !windows,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let output = '';
    let timedOut = false;
    const take = (text: string): void => {
      if (output.length < OUTPUT_CHARS) output += text;
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const timer = setTimeout(() => {
      timedOut = true;
      end(child);
    }, timeout);
    child.on('error', (error) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code: EXIT.NOT_FOUND, output: `${name}: ${error.message}`, timedOut: false });
    });
    // What outlives the manager would keep the pipes open; what left its group as well, and cannot be ended.
    child.on('exit', () => {
      end(child);
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, LINGER_MS).unref();
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code, output: stripVTControlCharacters(output), timedOut });
    });
  });
}

function end(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}
