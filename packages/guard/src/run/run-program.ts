import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { onSignals } from '@tarwarden/guard/signals';
import type { Command } from './real-program.ts';

const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'];

/** A terminal sends these to the manager itself. Passing them on would send a Ctrl-C twice. */
const FROM_TERMINAL: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);

/**
 * Runs a program on our own standard streams, and passes signals on. Resolves to its exit code, or to 128 plus the number of the signal
 * that ended it. Rejects if it cannot be started.
 */
export async function runProgram(
  command: Command,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  /** Hides the program's standard output. */
  isQuiet = false,
): Promise<number> {
  const child = spawn(command.file, [...command.args, ...args], {
    stdio: ['inherit', isQuiet ? 'ignore' : 'inherit', 'inherit'],
    env,
  });
  // Listening also keeps this process running until the manager ends.
  const stop = onSignals(FORWARDED, (signal) => {
    if (!(FROM_TERMINAL.has(signal) && process.stdin.isTTY)) child.kill(signal);
  });
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      });
    });
  } finally {
    stop();
  }
}
