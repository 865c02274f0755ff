/* The programs that the guard itself starts. They end with it: a signal to the guard alone does not reach them. */
import { constants } from 'node:os';
import { spawn, type ChildProcess } from 'node:child_process';

export interface ChildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** Bytes that it may print on each stream. */
  readonly maxOutput: number;
  /** It starts others, which then end with it. Where there is a terminal it stays at that: git may ask a person there. */
  readonly group?: boolean;
}

export interface Ran {
  /** Undefined where a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export class Children {
  readonly #running = new Map<ChildProcess, () => void>();
  #isOver = false;

  /** @throws Error where it cannot be started, takes too long, prints too much, or the run is over. */
  run(file: string, args: readonly string[], options: ChildOptions): Promise<Ran> {
    if (this.#isOver) return Promise.reject(new Error('the run is over'));
    const { env, cwd, input, timeout, maxOutput } = options;
    const isGroup = options.group === true && canBeGroup();
    const child = spawn(file, args, { env, cwd, detached: isGroup, windowsHide: true });
    const kill = (): void => {
      killAll(child, isGroup);
      // Others may hold them open.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    this.#running.set(child, kill);
    return new Promise<Ran>((resolve, reject) => {
      const stop = (why: string) => (): void => {
        kill();
        reject(new Error(`${file} ${why}`));
      };
      const timer = setTimeout(stop('took too long'), timeout);
      const tooMuch = stop('printed too much');
      const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => {
        const pieces: Buffer[] = [];
        let bytes = 0;
        stream.on('data', (piece: Buffer) => {
          bytes += piece.length;
          if (bytes > maxOutput) tooMuch();
          else pieces.push(piece);
        });
        return (): string => Buffer.concat(pieces).toString('utf8');
      }) as [() => string, () => string];
      child.on('error', reject);
      child.on('close', (code) => {
        clearTimeout(timer);
        this.#running.delete(child);
        resolve({ code: code ?? undefined, stdout: stdout(), stderr: stderr() });
      });
      child.stdin.on('error', () => undefined);
      child.stdin.end(input ?? '');
    });
  }

  /** Ends those that run, and lets none be started any more. Returns how many it ended. */
  end(): number {
    this.#isOver = true;
    for (const kill of this.#running.values()) kill();
    return this.#running.size;
  }
}

/** A group of its own has no terminal. */
function canBeGroup(): boolean {
  const { stdin, stdout, stderr } = process;
  return process.platform !== 'win32' && ![stdin, stdout, stderr].some(({ isTTY }) => isTTY);
}

function killAll(child: ChildProcess, isGroup: boolean): void {
  if (!isGroup || child.pid === undefined) {
    child.kill('SIGTERM');
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const;

/** Catches the signals that would end the guard while programs still run and folders are left. */
export class Interruption {
  /** The exit code of a program that a signal ended, as shells have it. Undefined while no signal came. */
  code: number | undefined;
  readonly #stop: () => void;

  /** @param onFirst Called with the first one. */
  constructor(onFirst: () => void) {
    const listeners = SIGNALS.map((signal) => {
      const listener = (): void => {
        if (this.code !== undefined) return;
        this.code = 128 + constants.signals[signal];
        onFirst();
      };
      process.on(signal, listener);
      return [signal, listener] as const;
    });
    this.#stop = () => {
      for (const [signal, listener] of listeners) process.off(signal, listener);
    };
  }

  stop(): void {
    this.#stop();
  }
}
