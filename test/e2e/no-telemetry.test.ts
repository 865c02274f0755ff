/** "No telemetry": the connections that guarded installs, and commands that look at archives, make. They lead to the registry alone. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { available, run, runBeside, type ManagerName } from '../support/managers.ts';
import { tgz } from '../support/pkg.ts';
import { startRegistry, type Registry } from '../support/registry.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { TARWARDEN } from './verify/world.ts';

/** Loaded by every Node that is started, by `NODE_OPTIONS`. Each process writes its connections into a file of its own. */
const RECORDER = `
const { appendFileSync } = require('node:fs');
const { Socket } = require('node:net');
const { Socket: Datagrams } = require('node:dgram');
const file = require('node:path').join(process.env.CONNECTIONS, String(process.pid));
appendFileSync(file, '');
const { connect } = Socket.prototype;
Socket.prototype.connect = function (...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  const to = typeof options === 'object' ? options : { port: options, host: args[1] };
  if (!to.path) appendFileSync(file, to.host + ':' + to.port + '\\n');
  return connect.apply(this, args);
};
for (const name of ['send', 'connect'])
  Datagrams.prototype[name] = () => appendFileSync(file, 'datagram\\n');
`;

let registry: Registry;
let sandbox: Sandbox;
let env: Record<string, string>;

beforeEach(async () => {
  registry = await startRegistry();
  sandbox = makeSandbox({ registry: registry.url });
  const recorder = join(sandbox.root, 'recorder.cjs');
  writeFileSync(recorder, RECORDER);
  const connections = join(sandbox.root, 'connections');
  mkdirSync(connections);
  env = {
    NODE_OPTIONS: `--require ${recorder}`,
    CONNECTIONS: connections,
    YARN_NODE_LINKER: 'node-modules',
  };
  registry.publish({ name: 'clean' });
  sandbox.write({
    'package.json': { name: 'p', version: '1.0.0', dependencies: { clean: '1.0.0' } },
  });
});

afterEach(async () => {
  sandbox.dispose();
  await registry.close();
});

/** The addresses that the recorded processes connected to. */
function connections(): string[] {
  const folder = env['CONNECTIONS'] ?? '';
  const files = readdirSync(folder);
  expect(files.length).toBeGreaterThan(0);
  const lines = files.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  return [...new Set(lines.filter((line) => line !== ''))];
}

const INSTALLS: readonly (readonly [ManagerName, command: string])[] = [
  ['npm-10', 'npm'],
  ['npm-12', 'npm'],
  ['pnpm-10', 'pnpm'],
  ['yarn-4', 'yarn'],
  ['yarn-1', 'yarn'],
];

describe.each(INSTALLS)('%s by tarwarden %s', (manager, command) => {
  it.skipIf(!available(manager).ok)('connects to the registry alone', async () => {
    const ended = await runBeside(manager, TARWARDEN, [command, 'install'], {
      sandbox,
      env,
    });
    expect(ended).toMatchObject({ code: 0 });
    expect(existsSync(join(sandbox.project, 'node_modules/clean'))).toBe(true);
    expect(connections()).toEqual([new URL(registry.url).host]);
  });
});

it.each([
  ['scan', 'clean.tgz'],
  ['explain', 'clean.tgz'],
  ['unpack', 'clean.tgz', 'unpacked'],
  ['rules'],
  ['doctor', '--fail-on', 'none'],
  ['--version'],
  ['--help'],
])('tarwarden %s connects to nothing', async (...args) => {
  writeFileSync(join(sandbox.project, 'clean.tgz'), tgz());
  const ended = await runBeside('npm-10', TARWARDEN, args, { sandbox, env });
  expect(ended.stderr).not.toMatch(/Try:|this is a bug/);
  expect(connections()).toEqual([]);
});

it('audit connects to the registry alone', async () => {
  expect(await run('npm-10', ['install', '--package-lock-only'], { sandbox })).toMatchObject({
    code: 0,
  });
  const ended = await runBeside('npm-10', TARWARDEN, ['audit'], { sandbox, env });
  expect(ended).toMatchObject({ code: 0 });
  expect(connections()).toEqual([new URL(registry.url).host]);
});
