/** `tarwarden doctor` on a real client in a sandbox: what it says of the client's defences, and what the client says. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { envFor, run, type ManagerName } from '../../support/managers.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { program } from './sandbox.ts';

export interface Defence {
  readonly manager: string;
  readonly setting: string;
  readonly version: string;
  readonly state: string;
  readonly value: string | null;
  readonly source: { readonly kind: string } | null;
  readonly switchOn: { readonly file: string; readonly line: string } | null;
}

export interface Report {
  readonly defences: readonly Defence[];
  readonly guards: readonly { readonly manager: string; readonly state: string }[];
}

/** Of the test that runs. */
export let sandbox: Sandbox;

beforeEach(() => {
  sandbox = makeSandbox({ project: { 'package.json': { name: 'p', version: '1.0.0' } } });
});
afterEach(() => sandbox.dispose());

/** A file of the project, by its lines. */
export function write(file: string, ...lines: readonly string[]): void {
  writeFileSync(join(sandbox.project, file), lines.map((line) => `${line}\n`).join(''));
}

/** Runs doctor in the project, with the client on the PATH. */
export async function doctor(
  name: ManagerName,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Result> {
  const all = [program, 'doctor', '--fail-on', 'none', ...args];
  return execute(process.execPath, all, {
    cwd: sandbox.project,
    env: envFor(name, { sandbox, env }),
  });
}

export async function defences(name: ManagerName, env: NodeJS.ProcessEnv = {}): Promise<Defence[]> {
  const { code, stdout } = await doctor(name, ['--reporter', 'json'], env);
  expect(code).toBe(0);
  const [command] = name.split('-');
  return (JSON.parse(stdout) as Report).defences.filter(({ manager }) => manager === command);
}

export async function defence(
  name: ManagerName,
  setting: string,
  env?: NodeJS.ProcessEnv,
): Promise<Defence> {
  const found = (await defences(name, env)).find((one) => one.setting === setting);
  expect(found).toBeDefined();
  return found!;
}

/** What the client itself says that a setting is. */
export async function ask(
  name: ManagerName,
  setting: string,
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const { stdout } = await run(name, ['config', 'get', setting], { sandbox, env });
  return stdout.trim();
}
