/** The cost of a command: its wall time, and the processor time and memory of all its processes. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Milliseconds and bytes. */
export interface Reading {
  readonly wall: number;
  /** Absent where there is no Python to ask the system for it. */
  readonly cpu?: number;
  /** The memory of the largest process. */
  readonly peak?: number;
  readonly output: string;
}

export interface Command {
  /** The program and its arguments. */
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Let the output go: for a program that writes a lot. */
  readonly quiet?: true;
}

const meter = fileURLToPath(new URL('measure.py', import.meta.url));

let python: string | undefined | null = null;

/** Path of a Python 3 on Linux or macOS; without one, processor time and memory are not measured. */
function findPython(): string | undefined {
  if (python !== null) return python;
  const found =
    process.platform === 'win32'
      ? undefined
      : spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
  python = found?.status === 0 ? found.stdout.trim() : undefined;
  if (python === undefined)
    console.error('no python3 here: processor time and memory are not measured');
  return python;
}

/** Runs a command that has to end with 0. Rejects, with what it wrote, when it does not. */
export async function measure({ argv, cwd, env, quiet }: Command): Promise<Reading> {
  const python3 = findPython();
  const [program = '', ...args] = python3 ? [python3, '-ISB', meter, ...argv] : argv;
  const start = performance.now();
  const pipe = quiet ? 'ignore' : 'pipe';
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', pipe, 'pipe', 'pipe'] });
  const [output, report] = ['', ''].map(() => [] as Buffer[]) as [Buffer[], Buffer[]];
  child.stdout?.on('data', (bytes: Buffer) => void output.push(bytes));
  child.stderr?.on('data', (bytes: Buffer) => void output.push(bytes));
  child.stdio[3]?.on('data', (bytes: Buffer) => void report.push(bytes));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const wall = performance.now() - start;
  const text = Buffer.concat(output).toString();
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${String(code)}:\n${text}`);
  if (!python3) return { wall, output: text };
  return { ...readingOf(Buffer.concat(report).toString(), argv), output: text };
}

function readingOf(report: string, argv: readonly string[]): Omit<Reading, 'output'> {
  const read = JSON.parse(report) as { wall: number; cpu: number; peak: number; left: boolean };
  if (read.left) console.error(`${argv.join(' ')} left a process running, which is not counted`);
  return { wall: read.wall * 1000, cpu: read.cpu * 1000, peak: read.peak };
}
