/* Asks the native pnpm that started this worker for its version and its arguments. */
import { readFileSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { inWorker } from '../engine.ts';

/** Time for a program that prints one line. Milliseconds. */
const PROGRAM_MS = 5000;

/** Version of the native pnpm above; undefined if it is unknown. */
export function versionAbove(): string | undefined {
  try {
    const program =
      process.platform === 'linux' ? readlinkSync(`/proc/${process.ppid}/exe`) : ps('comm').trim();
    if (!isAbsolute(program)) return undefined;
    // Run it outside of the project: a package.json there may name another version.
    return printed(program, ['--version'], dirname(program)).trim();
  } catch {
    return undefined;
  }
}

/** Arguments of the pnpm command; empty if they are unknown. */
export function commandArguments(): readonly string[] {
  if (!inWorker) return process.argv.slice(2);
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${process.ppid}/cmdline`, 'utf8').split('\0').slice(1)
      : ps('args').trim().split(/\s+/).slice(1);
  } catch {
    return [];
  }
}

function ps(column: string): string {
  const args = ['-o', `${column}=`, '-p', String(process.ppid)];
  return printed('ps', args, dirname(process.execPath));
}

function printed(program: string, args: readonly string[], cwd: string): string {
  // Load the module late: it takes 3 ms, and pnpm 12 loads the hook twice for each command.
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  return execFileSync(program, args, { encoding: 'utf8', timeout: PROGRAM_MS, cwd, stdio: 'pipe' });
}
