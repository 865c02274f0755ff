/* A program that serves until it is ended, and what it costs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface Serving {
  /** The match of the pattern in the output. */
  readonly said: string;
  /** Milliseconds of processor time so far; undefined where the system does not say. */
  cpu(): number | undefined;
  /** Bytes of memory at most so far, or since the last `forgetPeak`. */
  peak(): number | undefined;
  /** Bytes of memory now. */
  memory(): number | undefined;
  forgetPeak(): void;
  /** Sends it a line, and answers its next one on standard output. */
  ask(): Promise<string>;
  end(): Promise<void>;
}

/** @param pattern Of what it says once it serves, on `on`. */
export async function serving(
  argv: readonly string[],
  { pattern, on, env }: { pattern: RegExp; on: 'stdout' | 'stderr'; env?: NodeJS.ProcessEnv },
): Promise<Serving> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], ...(env && { env }) });
  const ended = once(child, 'exit');
  const other: Readable = child[on === 'stdout' ? 'stderr' : 'stdout'];
  other.resume();
  const lines = createInterface({ input: child[on] });
  const said = await new Promise<string>((resolve, reject) => {
    const all: string[] = [];
    lines.on('line', (line) => {
      all.push(line);
      const found = pattern.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    lines.once('close', () => reject(new Error(`${program} did not serve: ${all.join('\n')}`)));
  });
  const read = (file: string): string | undefined => {
    try {
      return readFileSync(`/proc/${child.pid}/${file}`, 'utf8');
    } catch {
      return undefined;
    }
  };
  return {
    said,
    cpu: () => cpuIn(read('stat')),
    peak: () => bytesIn(read('status'), 'VmHWM'),
    memory: () => bytesIn(read('status'), 'VmRSS'),
    forgetPeak() {
      // Linux alone has this file.
      if (process.platform === 'linux') writeFileSync(`/proc/${child.pid}/clear_refs`, '5');
    },
    async ask() {
      child.stdin.write('\n');
      const [line] = (await once(lines, 'line')) as [string];
      return line;
    },
    async end() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Processor time of user and system, in hundredths of a second. */
function cpuIn(stat: string | undefined): number | undefined {
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && (Number(fields[11]) + Number(fields[12])) * 10;
}

function bytesIn(status: string | undefined, field: 'VmHWM' | 'VmRSS'): number | undefined {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
