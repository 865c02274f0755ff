/* The programs that the guard itself starts. A signal to the guard alone does not reach them, so the guard ends them. */
import { spawn, type ChildProcess } from 'node:child_process';

interface ChildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** Bytes that it may print to each stream. */
  readonly maxOutput: number;
  /** It starts other programs, which must end with it. At a terminal it stays in our group, because git may ask a person there. */
  readonly group?: boolean;
}

interface ChildResult {
  /** Undefined if a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export class ChildPrograms {
  readonly #running = new Map<ChildProcess, () => void>();
  #isOver = false;

  /** @throws Error if the program cannot be started, takes too long or prints too much, or if the run is over. */
  run(file: string, args: readonly string[], options: ChildOptions): Promise<ChildResult> {
    if (this.#isOver) return Promise.reject(new Error('the run is over'));
    const { env, cwd, input, timeout, maxOutput } = options;
    const isGroup = options.group === true && canBeGroup();
    const child = spawn(file, args, { env, cwd, detached: isGroup, windowsHide: true });
    const kill = (): void => {
      killAll(child, isGroup);
      // Programs that it started may still hold these open.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    this.#running.set(child, kill);
    return new Promise<ChildResult>((resolve, reject) => {
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

  /** Ends the running programs and prevents new ones. Returns how many it ended. */
  end(): number {
    this.#isOver = true;
    for (const kill of this.#running.values()) kill();
    return this.#running.size;
  }
}

/** A process group of its own has no access to the terminal. */
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
    // The group has already ended.
  }
}
