/** Runs one program without a shell, in a process group of its own. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { spawn } from 'node:child_process';

export interface Result {
  /** Null when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

export interface ExecuteOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Milliseconds after which the whole process group is killed; two minutes unless given. */
  timeout?: number | undefined;
  /** Standard input; nothing unless given. */
  input?: string | undefined;
}

const TIMEOUT = 120_000;

type Words = readonly [string, ...string[]];
const launcher = new AsyncLocalStorage<Words>();

/** Starts every program of `run` by another one, which gets it as its last arguments: `unshare -m …`. */
export async function startedBy<T>(words: Words, run: () => Promise<T>): Promise<T> {
  return launcher.run(words, run);
}

export async function execute(
  program: string,
  args: readonly string[],
  options: ExecuteOptions,
): Promise<Result> {
  const [file, ...rest] = [...(launcher.getStore() ?? []), program, ...args] as [...Words];
  return new Promise((resolve, reject) => {
    const child = spawn(file, rest, {
      cwd: options.cwd,
      env: options.env,
      detached: process.platform !== 'win32',
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let timedOut = false;
    const killGroup = (): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Nothing of the group is left.
      }
    };
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup();
    }, options.timeout ?? TIMEOUT);
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => void (output[name] += text));
    }
    child.stdin?.on('error', () => undefined).end(options.input);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    // Workers that outlive the program would keep the pipes open, and the test waiting.
    child.on('exit', killGroup);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...output, timedOut });
    });
  });
}
