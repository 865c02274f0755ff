// Runs the command of an author, with limits on time and on what it writes.

import { spawn } from 'node:child_process';
import { sizeOf } from './sandbox.mjs';

/** Output that is kept. */
const MAX_OUTPUT = 64 * 1024 * 1024;
const MAX_ERRORS = 2000;
/** Between two looks at the size of the output. */
const LOOK_MS = 200;

/**
 * @typedef {object} Ended
 * @property {number | null} code  Null if a signal ended it.
 * @property {string | null} signal
 * @property {'time' | 'size' | undefined} stopped  The limit for which the runner ended it.
 * @property {string} stdout
 * @property {string} stderr  Its beginning.
 * @property {Error | undefined} failure  It could not be started.
 */

/**
 * `resetsTimer`: the time counts from the last output on, since a batch prints a line for each archive.
 *
 * @param {readonly string[]} command
 * @param {{ cwd: string, env: Readonly<Record<string, string>>, input: string, timeoutMs: number, resetsTimer: boolean, maxBytes: number, folder: string }} options
 * @returns {Promise<Ended>}
 */
export function runCommand([program = '', ...args], options) {
  const { cwd, env, input, timeoutMs, resetsTimer, maxBytes, folder } = options;
  return new Promise((done) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, so that its children end with it.
      detached: process.platform !== 'win32',
    });
    /** @type {'time' | 'size' | undefined} */
    let stopped;
    /** @type {Buffer[]} */
    const output = [];
    let bytes = 0;
    let stderr = '';
    /** @param {'time' | 'size'} limit */
    const stop = (limit) => {
      stopped ??= limit;
      endGroup(child);
    };
    let timer = setTimeout(() => stop('time'), timeoutMs);
    /** @type {NodeJS.Timeout} */
    let look;
    // A look at many files takes long, so the next one comes later.
    const lookLater = (after = LOOK_MS) => {
      look = setTimeout(() => {
        const start = performance.now();
        if (sizeOf(folder) > maxBytes) stop('size');
        lookLater(Math.max(LOOK_MS, 20 * (performance.now() - start)));
      }, after);
    };
    lookLater();
    child.stdout.on('data', (piece) => {
      if (resetsTimer) {
        clearTimeout(timer);
        timer = setTimeout(() => stop('time'), timeoutMs);
      }
      bytes += piece.length;
      if (bytes > MAX_OUTPUT) stop('size');
      else output.push(piece);
    });
    child.stderr.on('data', (piece) => {
      if (stderr.length < MAX_ERRORS) stderr += piece;
    });
    // The command need not read its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    /** @param {Partial<Ended>} facts */
    const end = (facts) => {
      clearTimeout(timer);
      clearTimeout(look);
      done({
        code: null,
        signal: null,
        failure: undefined,
        stopped,
        stdout: Buffer.concat(output).toString(),
        stderr: stderr.slice(0, MAX_ERRORS),
        ...facts,
      });
    };
    child.on('error', (failure) => end({ failure }));
    child.on('close', (code, signal) => {
      if (stopped === undefined && sizeOf(folder) > maxBytes) stopped = 'size';
      end({ code, signal, stopped });
    });
  });
}

/** @param {import('node:child_process').ChildProcess} child */
function endGroup(child) {
  try {
    if (process.platform !== 'win32' && child.pid !== undefined)
      process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}
