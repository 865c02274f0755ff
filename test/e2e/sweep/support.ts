/* A registry with some packages, and workers that sweep it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execute, type Result } from '../../support/execute.ts';
import { repository } from '../../support/managers.ts';
import type { Registry } from '../../support/registry.ts';
import type { Sandbox } from '../../support/sandbox.ts';
import { hostile } from '../policy/world.ts';

export const program: string = join(repository, 'packages/server/bin/tarwarden-server.js');

export async function tarwarden(sandbox: Sandbox, args: readonly string[]): Promise<Result> {
  return execute(process.execPath, [program, ...args], {
    cwd: sandbox.project,
    env: sandbox.env,
  });
}

export interface Running {
  readonly child: ChildProcess;
  /** Exit code, and what it wrote. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** The next line of standard error that says so. */
  said(text: string): Promise<string>;
}

export function start(sandbox: Sandbox, args: readonly string[]): Running {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: sandbox.project,
    env: sandbox.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  const lines = createInterface({ input: child.stderr });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return {
    child,
    ended: exit.then((code) => ({ code, stdout, stderr })),
    said: (text) =>
      new Promise((resolve, reject) => {
        lines.on('line', (line) => line.includes(text) && resolve(line));
        void exit.then(() => reject(new Error(`it ended: ${stderr}`)));
      }),
  };
}

/** Every how many packages one is hostile. */
const HOSTILE_EVERY = 50;

/** Packages of one version each. */
export function publishMany(registry: Registry, count: number, prefix = 'pkg'): string[] {
  return Array.from({ length: count }, (_, at) => {
    const name = `${prefix}-${at}`;
    const isHostile = at % HOSTILE_EVERY === 7;
    registry.publish({
      name,
      ...(isHostile && { tgz: hostile }),
      manifest: { _npmVersion: '10.9.2' },
    });
    return name;
  });
}

export interface Feed {
  /** As a source. */
  readonly source: string;
  /** Publishes a version, and says that the package has changed. */
  change(name: string, version: string): void;
  /** Whether it answers; it does at first. */
  isAway: boolean;
  close(): void;
}

/** A feed of what changes in a registry. */
export async function startFeed(registry: Registry): Promise<Feed> {
  const changes: { seq: number; id: string }[] = [];
  const server = createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const since = Number(searchParams.get('since'));
    const results = changes.filter(({ seq }) => seq > since);
    const last = changes.at(-1)?.seq ?? 0;
    const isPage = pathname === '/_changes';
    response.statusCode = feed.isAway ? 503 : 200;
    response.end(JSON.stringify(isPage ? { results, last_seq: last } : { update_seq: last }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const feed: Feed = {
    source: `feed:http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    isAway: false,
    change(name, version) {
      registry.publish({ name, version });
      changes.push({ seq: changes.length + 1, id: name });
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return feed;
}

export function hostileIn(names: readonly string[]): string[] {
  return names.filter((_, at) => at % HOSTILE_EVERY === 7);
}
