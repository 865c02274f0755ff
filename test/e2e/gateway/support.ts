/* `tarwarden-server gateway` as a process of its own, and clients that know nothing but its address. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  available,
  repository,
  run,
  type ManagerName,
  type Result,
} from '../../support/managers.ts';
import { unpackedBelow } from '../../support/payload.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';

const program = join(repository, 'packages/server/bin/tarwarden-server.js');

export interface Gateway {
  /** Without a slash at its end. */
  readonly url: string;
  /** Lines on standard output: JSON. */
  readonly log: string[];
  /** Files that wait for something. */
  held(): string[];
  /** Folders of such files: also what killed ones have left. */
  folders(): string[];
  /** Sends a signal that does not end it. */
  signal(name: NodeJS.Signals): void;
  /** Answers the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts one for one registry, with the settings, the verdict store and the folder for temporary files of a sandbox.
 * @param registry Further keys of the registry.
 * @param more Further keys of server.yaml.
 */
export async function startGateway(
  upstream: string,
  sandbox: Pick<Sandbox, 'env'>,
  registry: object = {},
  more: object = {},
): Promise<Gateway> {
  const file = join(mkdtempSync(join(sandbox.env['TMPDIR']!, 'server-')), 'server.yaml');
  const registries = { one: { upstream, ...registry } };
  // JSON is YAML as well.
  writeFileSync(file, JSON.stringify({ listen: '127.0.0.1:0', drain: '0s', registries, ...more }));
  return startWith(['--config', file], sandbox);
}

/** Starts one with these options. Its address is the one of its first registry. */
export async function startWith(
  options: readonly string[],
  { env }: Pick<Sandbox, 'env'>,
): Promise<Gateway> {
  const child = spawn(process.execPath, [program, 'gateway', ...options], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => log.push(line));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const url = / at (https?:\/\/\S+?)\/?$/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stderr.resume();
    return {
      url,
      log,
      held: () => foldersIn(env['TMPDIR']!).flatMap((folder) => readdirSync(folder)),
      folders: () => foldersIn(env['TMPDIR']!),
      signal: (name) => void child.kill(name),
      async end(signal) {
        child.kill(signal);
        return (await ended)[0];
      },
    };
  }
  throw new Error(`the gateway did not start: ${said.join('\n')}`);
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('tarwarden-gateway-'))
    .map((name) => join(folder, name));
}

const full = process.env['TARWARDEN_E2E_FULL'] === '1';

/** One for each way in which they answer a refusal; the others with `TARWARDEN_E2E_FULL=1`. */
export const clients: readonly ManagerName[] = (
  [
    'npm-10',
    ...(full ? (['npm-11'] as const) : []),
    'npm-12',
    'pnpm-10',
    ...(full ? (['pnpm-11'] as const) : []),
    'pnpm-12',
    ...(full ? (['yarn-3'] as const) : []),
    'yarn-4',
    'yarn-1',
    'bun',
  ] as const
).filter((name) => available(name).ok);

/** A user of the gateway, and nothing else of this project. */
export interface User {
  readonly sandbox: Sandbox;
  install(manager: ManagerName, manifest: object): Promise<Result>;
  /** Whether a package is in the project. */
  landed(name: string): boolean;
  /** Files of a hostile package, wherever the client may have put them. */
  hostile(): string[];
}

export function makeUser(gateway: Pick<Gateway, 'url'>): User {
  const sandbox = makeSandbox({ registry: gateway.url });
  return {
    sandbox,
    async install(manager, manifest) {
      sandbox.write({ 'package.json': { name: 'project', version: '1.0.0', ...manifest } });
      if (manager === 'yarn-3' || manager === 'yarn-4')
        sandbox.write({ '.yarnrc.yml': 'nodeLinker: node-modules\n', 'yarn.lock': '' });
      return run(manager, ['install', ...noAudit(manager)], { sandbox });
    },
    landed: (name) => existsSync(join(sandbox.project, 'node_modules', name, 'package.json')),
    hostile: () => unpackedBelow(sandbox.root),
  };
}

function noAudit(manager: ManagerName): string[] {
  return manager.startsWith('npm') ? ['--no-audit'] : [];
}
