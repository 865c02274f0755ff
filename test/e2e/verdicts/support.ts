/* A store of signed verdicts, whoever signs them, and runners that believe them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { execute, type Result } from '../../support/execute.ts';
import { envFor, repository, type ManagerName } from '../../support/managers.ts';
import type { Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';

export const program: string = join(repository, 'packages/cli/bin/tarwarden.js');

const server = join(repository, 'packages/server/bin/tarwarden-server.js');

/** `tarwarden …` in a sandbox, with a manager's commands on the PATH. */
export async function tarwarden(
  sandbox: Sandbox,
  args: readonly string[],
  { manager = 'npm-10', env = {} }: { manager?: ManagerName; env?: NodeJS.ProcessEnv } = {},
): Promise<Result> {
  return execute(process.execPath, [program, ...args], {
    cwd: sandbox.project,
    env: { ...envFor(manager, { sandbox }), ...env },
  });
}

export interface Signing {
  readonly sandbox: Sandbox;
  readonly keyFile: string;
  /** As a policy file pins it. */
  readonly pin: { readonly key: string };
}

/** A machine with a new key. */
export async function makeSigner(registry: Registry): Promise<Signing> {
  const sandbox = makeSandbox({ registry: registry.url });
  const keyFile = join(sandbox.root, 'key.pem');
  const args = ['keys', 'generate', '--out', keyFile, '--reporter', 'json'];
  const { stdout } = await tarwarden(sandbox, args);
  const { pin } = JSON.parse(stdout) as { pin: { key: string } };
  return { sandbox, keyFile, pin };
}

/** Has a user believe verdicts. */
export function believe(sandbox: Sandbox, verdicts: object, more: object = {}): void {
  const file = join(sandbox.env['XDG_CONFIG_HOME']!, 'tarwarden', 'policy.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ verdicts, ...more }));
}

export interface Store {
  readonly url: string;
  close(): Promise<void>;
}

/** `tarwarden-server verdicts serve`, with a storage that is a folder of the sandbox unless another is named. */
export async function serve(
  { sandbox }: Pick<Signing, 'sandbox'>,
  storage: string = join(sandbox.root, 'verdicts'),
  env: NodeJS.ProcessEnv = {},
): Promise<Store> {
  const args = ['verdicts', 'serve', '--storage', storage, '--listen', '127.0.0.1:0'];
  const child: ChildProcess = spawn(process.execPath, [server, ...args], {
    cwd: sandbox.project,
    env: { ...sandbox.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines = createInterface({ input: child.stderr! });
  const said: string[] = [];
  const ended = once(child, 'exit');
  for await (const line of lines) {
    said.push(line);
    const url = / at (http:\S+),/.exec(line)?.[1];
    if (url === undefined) continue;
    const close = async (): Promise<void> => {
      child.kill('SIGTERM');
      await ended;
    };
    return { url, close };
  }
  throw new Error(`the store did not start: ${said.join('\n')}`);
}
