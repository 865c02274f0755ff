/** Redis (or Valkey) of the system, started for a test in a folder of its own, on a free port of the loopback address. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findProgram } from './programs.ts';

export interface Server {
  /** With the scheme of its clients. */
  readonly url: string;
  /** Process that has all others of it below. */
  readonly pid: number;
  /** Ends it until it is restarted. */
  stop(): Promise<void>;
  /** Ends it, and begins anew with nothing in it. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** For a server to answer. Milliseconds. */
const START_LIMIT = 60_000;

/** A port of the loopback address that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(port: number, child: ChildProcess): Promise<void> {
  const end = Date.now() + START_LIMIT;
  while (Date.now() < end && child.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isThere) return;
    await wait(50);
  }
  throw new Error('the server did not start');
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

/** Keeps nothing on disk: a restart loses all. */
export async function startRedis(): Promise<Server> {
  const program = findProgram('redis-server') ?? findProgram('valkey-server');
  if (program === undefined) throw new Error('neither redis-server nor valkey-server is installed');
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-redis-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(program, [...args, '--save', '', '--appendonly', 'no'], {
      stdio: 'ignore',
    });
    await answers(port, child);
    return child;
  };
  let child = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return child.pid!;
    },
    async stop() {
      await ended(child, 'SIGKILL');
    },
    async restart() {
      await ended(child, 'SIGKILL');
      child = await start();
    },
    async close() {
      await ended(child, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
