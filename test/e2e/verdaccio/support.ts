/* A real verdaccio as a process of its own, started by `tarwarden-server verdaccio` or by its own command. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { request as secureRequest } from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execute, type Result } from '../../support/execute.ts';
import { nodePath, repository, runtimeFolder, type NodeName } from '../../support/managers.ts';
import type { Sandbox } from '../../support/sandbox.ts';
import type { Gateway } from '../gateway/support.ts';

export const bin: string = join(repository, 'packages/server/bin');

/** A verdaccio, and the Node that it runs on. */
export interface Release {
  readonly name: 'verdaccio-6-8' | 'verdaccio-6-10';
  readonly node: NodeName;
}

export const oldest: Release = { name: 'verdaccio-6-8', node: 'system' };
export const newest: Release = { name: 'verdaccio-6-10', node: 'node-24' };
export const releases: readonly Release[] = [oldest, newest].filter(({ node }) =>
  existsSync(nodePath(node)),
);

/** Writes a configuration for the sandbox. @returns Its path. */
export function configure(sandbox: Sandbox, uplink: string, more: object = {}): string {
  const config = {
    storage: './storage',
    auth: { htpasswd: { file: './htpasswd', max_users: 100 } },
    uplinks: { up: { url: uplink } },
    packages: {
      '@private/*': { access: '$authenticated', publish: '$authenticated' },
      '**': { access: '$all', publish: '$authenticated', unpublish: '$authenticated', proxy: 'up' },
    },
    middlewares: { tarwarden: {} },
    // Several users of one address sign in at once.
    userRateLimit: { windowMs: 1000, max: 1000 },
    log: { type: 'stdout', format: 'json', level: 'http' },
    ...more,
  };
  sandbox.write({ 'config.yaml': config }, join(sandbox.root, 'verdaccio'));
  return join(sandbox.root, 'verdaccio/config.yaml');
}

export interface Starting {
  readonly release?: Release;
  /** Where the program is. */
  readonly program?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly listen?: readonly string[];
}

function command(
  config: string,
  {
    release = oldest,
    program = join(bin, 'tarwarden-server.js'),
    listen = ['127.0.0.1:0'],
  }: Starting,
): [string, string[]] {
  const places = listen.flatMap((one) => ['--listen', one]);
  const args = [program, 'verdaccio', '--config', config, ...places];
  return [nodePath(release.node), [...args, '--verdaccio', runtimeFolder(release.name)]];
}

/** Runs one that is to end by itself. */
export async function refused(
  { env, project }: Sandbox,
  config: string,
  starting: Starting = {},
): Promise<Result> {
  const [node, args] = command(config, starting);
  return execute(node, args, { cwd: project, env: { ...env, ...starting.env }, timeout: 60_000 });
}

export async function startGuarded(
  { env, project }: Sandbox,
  config: string,
  starting: Starting = {},
): Promise<Gateway & { readonly urls: readonly string[] }> {
  const [node, args] = command(config, starting);
  const child = spawn(node, args, {
    cwd: project,
    env: { ...env, ...starting.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => log.push(line));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const said: string[] = [];
  const urls: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const url = / at ((?:https?:\/\/|unix:)\S+?)\/?$/.exec(line)?.[1];
    if (url !== undefined) urls.push(url);
    if (urls.length < (starting.listen?.length ?? 1)) continue;
    child.stderr.resume();
    return {
      url: urls[0]!,
      urls,
      log,
      held: () => [],
      folders: () => [],
      signal: (name) => void child.kill(name),
      async end(signal) {
        child.kill(signal);
        return (await ended)[0];
      },
    };
  }
  throw new Error(`verdaccio did not start: ${said.join('\n')}`);
}

/** Starts verdaccio by its own command. @returns `code` where it ended by itself. */
export async function startPlain(
  { env, project }: Sandbox,
  config: string,
  { release = oldest, port, more = {} }: { release?: Release; port: number; more?: object },
): Promise<{ readonly code?: number | null; readonly log: string[]; end(): Promise<void> }> {
  const program = join(runtimeFolder(release.name), 'bin/verdaccio');
  const child = spawn(
    nodePath(release.node),
    [program, '--config', config, '--listen', `127.0.0.1:${port}`],
    { cwd: project, env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const log: string[] = [];
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => log.push(line));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  let code: number | null | undefined;
  void exit.then((value) => (code = value));
  for (let tries = 0; tries < 600 && code === undefined; tries += 1) {
    if (await get(`http://127.0.0.1:${port}`, '/-/ping').catch(() => undefined)) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const end = async (): Promise<void> => {
    if (code === undefined) child.kill('SIGKILL');
    await exit;
  };
  return { ...(code !== undefined && { code }), log, end };
}

export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Asks for a path as it is written. */
export async function get(
  url: string,
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
    socketPath,
    ca,
  }: {
    method?: string;
    headers?: Record<string, string>;
    body?: string | Buffer;
    socketPath?: string;
    ca?: string;
  } = {},
): Promise<Got> {
  const { hostname, port, protocol } = new URL(url);
  const to = socketPath === undefined ? { hostname, port } : { socketPath };
  return new Promise((resolve, reject) => {
    const options = { ...to, path, method, headers, agent: false, ca } as const;
    const asks = protocol === 'https:' ? secureRequest : request;
    const sent = asks(options, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: Buffer.concat(parts),
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Adds a user as `npm login` does. @returns What signs that one in. */
export async function signUp(url: string, name: string): Promise<string> {
  const body = JSON.stringify({ name, password: `${name}-secret-1`, type: 'user' });
  const { status, body: answer } = await get(url, `/-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
    body,
  });
  if (status !== 201) throw new Error(`${status} ${answer.toString()}`);
  return (JSON.parse(answer.toString()) as { token: string }).token;
}
