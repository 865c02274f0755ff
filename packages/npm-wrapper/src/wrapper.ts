import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { guardEnvironment, type GuardOptions } from './environment.ts';
import { EXIT } from './exit-codes.ts';
import { findRealNpm, type Command, type NpmTool } from './real-npm.ts';
import { outcome, openStatus } from './run-status.ts';
import { STATUS_FILE, STATUS_NONCE } from './status.ts';

/** Sent to npm when they come to us. */
const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'];

/** A terminal sends these to npm too: passing them on would make one Ctrl-C two. */
const FROM_TERMINAL: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);

/**
 * Runs the real npm with the guard preloaded, on our own standard streams. Resolves to the exit code: npm's
 * own, unless the guard says worse (see {@link EXIT}). A signal that ends npm gives 128 plus its number.
 */
export async function runNpm(
  tool: NpmTool,
  args: readonly string[],
  options: GuardOptions,
): Promise<number> {
  const { env, preloadPath } = options;
  if (!existsSync(preloadPath)) {
    return fail(EXIT.UNCHECKED, `the guard is missing (${preloadPath}); ${tool} was not started`);
  }
  const command = findRealNpm(tool, env);
  if (command === undefined) return fail(EXIT.NOT_FOUND, `there is no ${tool} on the PATH`);
  const status = openStatus();
  const nonce = randomUUID();
  try {
    const guarded: NodeJS.ProcessEnv = {
      ...env,
      ...guardEnvironment(options),
      [STATUS_FILE]: status.file,
      [STATUS_NONCE]: nonce,
    };
    const code = await start(command, args, guarded);
    const result = outcome(code, status.read(), nonce);
    if (result.message !== undefined) tell(result.message);
    return result.code;
  } catch (error) {
    return fail(
      EXIT.NOT_FOUND,
      `${command.file} could not be started: ${(error as Error).message}`,
    );
  } finally {
    status.dispose();
  }
}

function tell(text: string): void {
  process.stderr.write(`tarwarden: ${text}\n`);
}

function fail(code: number, text: string): number {
  tell(text);
  return code;
}

async function start(
  command: Command,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const child = spawn(command.file, [...command.args, ...args], { stdio: 'inherit', env });
  const stop = forwardSignals(child);
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

/** Keeps us alive until npm ends, so that its exit code is told. Returns how to stop. */
function forwardSignals(child: ChildProcess): () => void {
  const listeners = FORWARDED.map((signal): [NodeJS.Signals, () => void] => [
    signal,
    () => {
      if (!(FROM_TERMINAL.has(signal) && process.stdin.isTTY)) child.kill(signal);
    },
  ]);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}
