import { spawn, type ChildProcess } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { EXIT } from '@tarwarden/guard/run';

/** Milliseconds for the install of one small package. corepack may download a manager first. */
const RUN_MS = 120_000;

/** Milliseconds after the end of a manager in which its children may keep its output open. */
const LINGER_MS = 2000;

const OUTPUT_CHARS = 1024 * 1024;

export interface Run {
  /** Null if a signal ended the program. */
  readonly code: number | null;
  /** The whole output without colours. */
  readonly output: string;
  readonly timedOut: boolean;
}

/** A run of which the answer is wanted. */
export interface Answer extends Run {
  /** Standard output alone, without colours: a guard or Node may write a warning beside it. */
  readonly stdout: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds after which the program is ended. */
  readonly timeout?: number;
  /** The output after which nothing more is waited for: the program is ended, and counts as one that succeeded. */
  readonly until?: RegExp;
}

const running = new Set<ChildProcess>();

export function endAll(): void {
  for (const child of running) end(child);
}

/** Runs the first program of a name on the PATH. If it cannot be started, the exit code is that of a shell. */
export async function runTyped(
  name: string,
  args: readonly string[],
  { cwd, env, timeout = RUN_MS, until }: RunOptions,
): Promise<Answer> {
  return new Promise((resolve) => {
    const windows = process.platform === 'win32';
    const child = spawn(name, args, {
      cwd,
      env,
      // Windows starts a `.cmd` with a shell only. No argument of ours needs quotes.
      shell: windows,
      // The program gets a process group of its own, so that its children can be ended with it.
      detached: !windows,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let output = '';
    let stdout = '';
    let timedOut = false;
    let isDone = false;
    const take = (text: string): void => {
      if (output.length < OUTPUT_CHARS) output += text;
      isDone = until?.test(output) === true;
      if (isDone) end(child);
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (stdout.length < OUTPUT_CHARS) stdout += text;
      take(text);
    });
    child.stderr.setEncoding('utf8').on('data', take);
    const timer = setTimeout(() => {
      timedOut = true;
      end(child);
    }, timeout);
    const finish = (code: number | null): void => {
      clearTimeout(timer);
      running.delete(child);
      const plain = stripVTControlCharacters;
      resolve({ code, output: plain(output), stdout: plain(stdout), timedOut });
    };
    child.on('error', (error) => {
      output = `${name}: ${error.message}`;
      finish(EXIT.NOT_FOUND);
    });
    // Children that outlive the manager keep the pipes open. Some have left the group and cannot be ended.
    child.on('exit', () => {
      end(child);
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, LINGER_MS).unref();
    });
    child.on('close', (code) => finish(isDone ? 0 : code));
  });
}

function end(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended already.
  }
}
