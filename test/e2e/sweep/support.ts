/* `tarwarden-server sweep` as a process of its own, with a Redis for each test file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { repository } from '../../support/managers.ts';
import type { Sandbox } from '../../support/sandbox.ts';

const program = join(repository, 'packages/server/bin/tarwarden-server.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  /** Resolves when standard error has this text. */
  said(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

export function startSweep({ project, env }: Sandbox, args: readonly string[]): Running {
  const child = spawn(process.execPath, [program, 'sweep', ...args], {
    cwd: project,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  const ended = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    stdout,
    stderr,
  }));
  return {
    ended,
    said: async (text) =>
      until(() => {
        if (child.exitCode !== null) throw new Error(`it ended: ${stderr}`);
        return stderr.includes(text);
      }),
    kill: (signal) => child.kill(signal),
  };
}

export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await wait(20);
}

export interface Line {
  readonly id: string;
  readonly path: string;
  readonly status: string;
  readonly format: string | null;
  readonly package: { readonly name: string; readonly version: string } | null;
  readonly error?: { readonly code: string; readonly message: string };
}

/** The whole lines of a file of results, or of standard output. */
export function linesIn(text: string): Line[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return whole.filter((line) => line !== '').map((line) => JSON.parse(line) as Line);
}

export function linesOf(file: string): Line[] {
  return existsSync(file) ? linesIn(readFileSync(file, 'utf8')) : [];
}
