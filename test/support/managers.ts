/** The real package managers and Nodes that `test/clients` and `test/runtimes` pin, and how a test runs them. */
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execute, type Result } from './execute.ts';
import type { Sandbox } from './sandbox.ts';

export type { Result } from './execute.ts';

export type NpmName = 'npm-10' | 'npm-11' | 'npm-12';
export type PnpmName = 'pnpm-10' | 'pnpm-11' | 'pnpm-12';
/** `pnpm-10-20` knows a git host's tarball by its URL alone. */
export type AnyPnpmName = PnpmName | 'pnpm-10-20';
export type YarnName = 'yarn-1' | 'yarn-3' | 'yarn-4';
/** `yarn-1-22-0` is the oldest that can be guarded. */
export type YarnClassicName = 'yarn-1' | 'yarn-1-22-0';
export type ManagerName = NpmName | PnpmName | YarnName | 'bun';
type Runtime = ManagerName | YarnClassicName | AnyPnpmName;
/** `system` is the Node that runs the tests. */
export type NodeName = 'system' | 'node-22' | 'node-24';

export const npms: readonly NpmName[] = ['npm-10', 'npm-11', 'npm-12'];
export const pnpms: readonly PnpmName[] = ['pnpm-10', 'pnpm-11', 'pnpm-12'];
const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
/** One for each way in which npm runs the guard: 11 resolves as 10 does, and runs it as 12 does. All with `TARWARDEN_E2E_FULL=1`. */
export const npmsByGuard: readonly NpmName[] = FULL ? npms : ['npm-10', 'npm-12'];
/** One for each way in which pnpm runs the hook: 11 does it as 10 does. All with `TARWARDEN_E2E_FULL=1`. */
export const pnpmsByHook: readonly PnpmName[] = FULL ? pnpms : ['pnpm-10', 'pnpm-12'];
/** For tests of code that every version of a client runs alike. All with `TARWARDEN_E2E_FULL=1`. */
export const newestNpms: readonly NpmName[] = FULL ? npms : ['npm-12'];
export const newestPnpms: readonly PnpmName[] = FULL ? pnpms : ['pnpm-12'];
/** Those, and another where two versions of pnpm 10 do it in two ways. */
export const anyPnpmsByHook: readonly AnyPnpmName[] = ['pnpm-10-20', ...pnpmsByHook];

/** The managers that can be guarded. */
export const guardable = [
  'npm-10',
  'npm-11',
  'npm-12',
  'pnpm-10',
  'pnpm-11',
  'pnpm-12',
  'yarn-3',
  'yarn-4',
] as const satisfies readonly ManagerName[];

/** Those of Yarn 1. Their guard needs no set-up, and ends the client at the first refusal. */
export const guardableClassics = [
  'yarn-1',
  'yarn-1-22-0',
] as const satisfies readonly YarnClassicName[];

interface Manager {
  /** Name of the command that a user types. */
  command: string;
  /** Files by command name, below the manager's package. */
  commands: Readonly<Record<string, string>>;
  /** The Node it runs on unless told otherwise: the lowest that it supports. */
  node: NodeName;
  /** A program of its own, not run by Node. */
  native?: true;
}

const npm = (node: NodeName): Manager => ({
  command: 'npm',
  commands: { npm: 'bin/npm-cli.js', npx: 'bin/npx-cli.js' },
  node,
});
const yarn: Manager = { command: 'yarn', commands: { yarn: 'bin/yarn.js' }, node: 'system' };

const pnpm10: Manager = {
  command: 'pnpm',
  commands: { pnpm: 'bin/pnpm.cjs', pnpx: 'bin/pnpx.cjs' },
  node: 'system',
};

const managers: Readonly<Record<Runtime, Manager>> = {
  'npm-10': npm('system'),
  'npm-11': npm('system'),
  'npm-12': npm('node-24'),
  'pnpm-10': pnpm10,
  'pnpm-10-20': pnpm10,
  'pnpm-11': {
    command: 'pnpm',
    commands: { pnpm: 'bin/pnpm.mjs', pnpx: 'bin/pnpx.mjs' },
    node: 'node-24',
  },
  'pnpm-12': {
    command: 'pnpm',
    commands: { pnpm: 'pnpm', pnpx: 'pnpx' },
    node: 'node-24',
    native: true,
  },
  'yarn-1': yarn,
  'yarn-1-22-0': yarn,
  'yarn-3': yarn,
  'yarn-4': yarn,
  bun: { command: 'bun', commands: { bun: 'bin/bun.exe' }, node: 'system', native: true },
};

/** The clients of the quick tests, and those that only the whole suite installs. */
const [clients = '', runtimes = ''] = ['../clients', '../runtimes'].map((folder) =>
  fileURLToPath(new URL(`${folder}/node_modules`, import.meta.url)),
);

/** Where a client or a Node is pinned, whether or not it is installed. */
function pinnedAt(name: string): string {
  const light = join(clients, name);
  return existsSync(light) ? light : join(runtimes, name);
}

/** Path of a Node program. */
export function nodePath(name: NodeName): string {
  return name === 'system' ? process.execPath : join(pinnedAt(name), 'bin', 'node');
}

/** Folder of a manager's package, links resolved. */
export function managerFolder(name: Runtime): string {
  return runtimeFolder(name);
}

/** The same of any package that is pinned there. */
export function runtimeFolder(name: string): string {
  return realpathSync(pinnedAt(name));
}

/** The version of a manager, and the path of the Node that runs it unless told otherwise; none for a native program. */
export function versionOf(name: Runtime): { version: string; node?: string } {
  const { version } = JSON.parse(
    readFileSync(join(managerFolder(name), 'package.json'), 'utf8'),
  ) as {
    version: string;
  };
  const { node, native } = managers[name];
  return native === true ? { version } : { version, node: nodePath(node) };
}

export type Availability = { ok: true } | { ok: false; reason: string };

/** Whether a manager and its Node are installed here; if not, why a test of it is skipped. */
export function available(name: Runtime, node: NodeName = managers[name].node): Availability {
  const { command, commands } = managers[name];
  if (process.platform === 'win32') return { ok: false, reason: `${name}: not run on Windows` };
  if (!existsSync(nodePath(node)))
    return { ok: false, reason: `${name}: ${node} is not installed` };
  if (!existsSync(join(pinnedAt(name), commands[command] ?? '')))
    return { ok: false, reason: `${name} is not installed` };
  return { ok: true };
}

export interface EnvOptions {
  sandbox: Sandbox;
  /** Added to the sandbox's; `undefined` takes a variable away. */
  env?: NodeJS.ProcessEnv;
  node?: NodeName;
}

/** The sandbox's environment with the manager's commands, and the Node it runs on, first on the PATH. */
export function envFor(name: Runtime, options: EnvOptions): NodeJS.ProcessEnv {
  const manager = managers[name];
  const node = options.node ?? manager.node;
  const dir = join(options.sandbox.root, 'managers', `${name}+${node}`);
  if (!existsSync(dir)) {
    mkdirSync(dir, { recursive: true });
    symlinkSync(nodePath(node), join(dir, 'node'));
    for (const [command, file] of Object.entries(manager.commands)) {
      rmSync(join(dir, command), { force: true });
      symlinkSync(join(managerFolder(name), file), join(dir, command));
    }
  }
  const env = { ...options.sandbox.env, ...options.env };
  return { ...env, PATH: [dir, env['PATH'] ?? ''].join(delimiter) };
}

export interface RunOptions extends EnvOptions {
  /** The sandbox's project unless given. */
  cwd?: string;
  /** Another command of the manager: `npx`, `pnpx`. */
  command?: string;
  /** Milliseconds after which the whole process group is killed. */
  timeout?: number;
  /** Standard input; nothing unless given. */
  input?: string;
}

/** Runs a manager as a user would who has it first on the PATH, without a shell. */
export async function run(
  name: Runtime,
  args: readonly string[],
  options: RunOptions,
): Promise<Result> {
  const manager = managers[name];
  const env = envFor(name, options);
  const file = manager.commands[options.command ?? manager.command];
  if (file === undefined) throw new RangeError(`${name} has no command ${String(options.command)}`);
  const program = join(managerFolder(name), file);
  const rest = {
    cwd: options.cwd ?? options.sandbox.project,
    env,
    timeout: options.timeout,
    input: options.input,
  };
  return manager.native === true
    ? execute(program, args, rest)
    : execute(nodePath(options.node ?? manager.node), [program, ...args], rest);
}

/** Runs a script by the Node, and with the commands, of a manager: `tarwarden npm …` with npm 12 on the PATH. */
export async function runBeside(
  name: Runtime,
  script: string,
  args: readonly string[],
  options: RunOptions,
): Promise<Result> {
  const node = nodePath(options.node ?? managers[name].node);
  const rest = {
    cwd: options.cwd ?? options.sandbox.project,
    timeout: options.timeout,
    input: options.input,
  };
  return execute(node, [script, ...args], { ...rest, env: envFor(name, options) });
}

/** The repository's root. */
export const repository: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
