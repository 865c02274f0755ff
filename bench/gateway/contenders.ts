/* The servers that clients ask in turn: the registry itself, verdaccio in front of it, and the gateway in front of it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { freePort } from '../../test/support/servers.ts';
import { built } from '../built.ts';
import { serving, type Serving } from './process.ts';

export const REGISTRY = 'the registry itself';
export const VERDACCIO = 'verdaccio 6';
export const GATEWAY = 'the gateway';
export type Name = typeof REGISTRY | typeof VERDACCIO | typeof GATEWAY;

/** A server with nothing in its storage. */
export interface Contender {
  readonly name: Name;
  /** Without a slash at its end. */
  readonly url: string;
  readonly server: Serving;
  /** Milliseconds until it served. */
  readonly startup: number;
  /** Whether it can answer while the registry is down. */
  readonly keeps: boolean;
}

/** `list`: a file with the tarballs of the registry. */
export async function startRegistry(list: string): Promise<Contender> {
  const argv = [process.execPath, 'scripts/run-ts.mjs', 'bench/gateway/registry.ts', list];
  return timed(REGISTRY, false, async () => {
    const server = await serving(argv, { pattern: /^(\d+)$/, on: 'stdout' });
    return { server, url: `http://127.0.0.1:${server.said}` };
  });
}

export async function startGateway(folder: string, upstream: string): Promise<Contender> {
  const { env, home } = homeIn(folder);
  const program = built('server/bin/tarwarden-server.js');
  const hasCache = knowsCache(program);
  const argv = [
    process.execPath,
    program,
    'gateway',
    '--upstream',
    upstream,
    '--listen',
    '127.0.0.1:0',
  ];
  const cache = hasCache ? ['--cache', join(home, 'archives')] : [];
  return timed(GATEWAY, hasCache, async () => {
    const pattern = / at (http:\S+?)\/?$/;
    const server = await serving([...argv, ...cache, '--log-level', 'error'], {
      pattern,
      on: 'stderr',
      env,
    });
    return { server, url: server.said };
  });
}

/** Whether the gateway has a cache of archives. */
function knowsCache(program: string): boolean {
  return /^\s+--cache\b/m.test(
    execFileSync(process.execPath, [program, 'gateway', '--help'], { encoding: 'utf8' }),
  );
}

/** The newest release that runs on this Node, as it is set up by default but for its log, its pages, and large tarballs. */
export async function startVerdaccio(folder: string, upstream: string): Promise<Contender> {
  const { env, home } = homeIn(folder);
  const release =
    Number(process.versions.node.split('.')[0]) < 22 ? 'verdaccio-6-8' : 'verdaccio-6-10';
  const program = fileURLToPath(
    new URL(`../../test/runtimes/node_modules/${release}/bin/verdaccio`, import.meta.url),
  );
  const config = join(home, 'config.yaml');
  const settings = {
    storage: join(home, 'storage'),
    auth: { htpasswd: { file: join(home, 'htpasswd') } },
    uplinks: { up: { url: upstream, timeout: '10m' } },
    packages: { '**': { access: '$all', proxy: 'up' } },
    web: { enable: false },
    // It says at this level that it serves.
    log: { type: 'stdout', format: 'json', level: 'warn' },
  };
  writeFileSync(config, JSON.stringify(settings));
  const port = await freePort();
  return timed(VERDACCIO, true, async () => {
    const argv = [process.execPath, program, '--config', config, '--listen', `127.0.0.1:${port}`];
    const server = await serving(argv, {
      pattern: /http address - (http:\S+?)\/? /,
      on: 'stdout',
      env,
    });
    return { server, url: server.said };
  });
}

async function timed(
  name: Name,
  keeps: boolean,
  start: () => Promise<{ readonly server: Serving; readonly url: string }>,
): Promise<Contender> {
  const before = performance.now();
  const started = await start();
  return { name, keeps, ...started, startup: performance.now() - before };
}

function homeIn(folder: string): { readonly home: string; readonly env: NodeJS.ProcessEnv } {
  const home = mkdtempSync(join(folder, 'home-'));
  const temporary = join(home, 'tmp');
  mkdirSync(temporary);
  const own = { HOME: home, XDG_CACHE_HOME: home, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home };
  return { home, env: { ...process.env, ...own, TMPDIR: temporary, NODE_ENV: 'production' } };
}
