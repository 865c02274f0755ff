/** Where tarwarden lies, and how many files it may open, is no reason to fail. */
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { requireOption } from '../../../packages/guard/src/run/node-options.ts';
import { attack } from '../../support/attacks.ts';
import {
  available,
  envFor,
  nodePath,
  repository,
  type ManagerName,
} from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { findProgram } from '../../support/programs.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';

/** Without which an automatic build writes no lockfile. */
const LOCK = {
  npm: [],
  pnpm: ['--no-frozen-lockfile'],
  yarn: ['--no-immutable'],
};
const sh = findProgram('sh');
const BIN = join(repository, 'packages/cli/bin');

const full = process.env['TARWARDEN_E2E_FULL'] === '1';

/** Of each family the last, or all of them. */
const here = (...names: readonly ManagerName[]): readonly ManagerName[] =>
  names.filter((name) => available(name).ok && (full || name !== 'pnpm-10'));

interface Installed {
  readonly result: Result;
  /** Packages in node_modules. */
  readonly count: number;
}

/** Installs packages, the last of them hostile on demand, by the command that `commandIn` gives. */
async function install(
  manager: ManagerName,
  count: number,
  options: { hostile?: boolean; commandIn: (sandbox: Sandbox) => readonly string[] },
): Promise<Installed> {
  const registry = await startRegistry();
  const sandbox = makeSandbox({ registry: registry.url, ci: true });
  const names = Array.from({ length: count }, (_, at) => `tarwarden-${at}`);
  for (const name of names) registry.publish({ name, tgz: tgz({ name }) });
  const last = names.at(-1)!;
  if (options.hostile === true)
    registry.publish({ name: last, tgz: attack('symlink').build({ name: last }) });
  const dependencies = Object.fromEntries(names.map((name) => [name, '1.0.0']));
  sandbox.write({ 'package.json': { name: 'project', dependencies } });
  try {
    const command = options.commandIn(sandbox);
    const env = envFor(manager, { sandbox });
    const args = ['-c', 'exec "$@"', 'sh', ...command];
    const program = sh!;
    const result = await execute(program, args, { cwd: sandbox.project, env });
    const landed = names.filter((name) => existsSync(join(sandbox.project, 'node_modules', name)));
    return { result, count: landed.length };
  } finally {
    sandbox.dispose();
    await registry.close();
  }
}

/** Node 20 starts no ES module from there, so nothing that is built is one. */
const BACKSLASH = String.raw`a\b c\"d"`;

test.skipIf(process.platform === 'win32').each(here('npm-11', 'pnpm-10', 'pnpm-12'))(
  '%s is guarded by files below a folder with a backslash',
  async (manager) => {
    const [tool = ''] = manager.split('-');
    const commandIn = (sandbox: Sandbox): string[] => {
      const folder = join(sandbox.root, BACKSLASH);
      cpSync(
        join(repository, `packages/${tool === 'npm' ? 'npm-wrapper' : 'pnpm-hook'}/dist`),
        folder,
        {
          recursive: true,
        },
      );
      if (tool === 'npm') sandbox.env['NODE_OPTIONS'] = requireOption(join(folder, 'preload.cjs'));
      const hook = JSON.stringify(join(folder, 'index.cjs'));
      if (tool === 'pnpm')
        sandbox.write({ '.pnpmfile.cjs': `module.exports = require(${hook})\n` });
      return [tool, 'install'];
    };
    const clean = await install(manager, 2, { commandIn });
    expect(clean.result).toMatchObject({ code: 0 });
    expect(clean.count).toBe(2);
    const hostile = await install(manager, 2, { commandIn, hostile: true });
    expect(hostile.result).toMatchObject({ code: 1 });
    expect(hostile.result.stderr).toContain('symlink');
  },
);

describe.skipIf(process.platform === 'win32')('the command below such a folder', () => {
  const program = (sandbox: Sandbox): string => {
    cpSync(BIN, join(sandbox.root, BACKSLASH), { recursive: true });
    return join(sandbox.root, BACKSLASH, 'tarwarden.js');
  };

  test.each(
    (['npm-11', 'pnpm-10', 'pnpm-12', 'yarn-4'] as const).filter((name) => available(name).ok),
  )('guards %s', async (manager) => {
    const [tool = ''] = manager.split('-');
    const commandIn = (sandbox: Sandbox): string[] => {
      sandbox.write({ '.yarnrc.yml': 'nodeLinker: node-modules\n', 'yarn.lock': '' });
      return [
        nodePath('system'),
        program(sandbox),
        tool,
        'install',
        ...LOCK[tool as keyof typeof LOCK],
      ];
    };
    const clean = await install(manager, 2, { commandIn });
    expect(clean.result).toMatchObject({ code: 0 });
    expect(clean.count).toBe(2);
    const hostile = await install(manager, 2, { commandIn, hostile: true });
    expect(hostile.result).toMatchObject({ code: 1 });
    expect(hostile.result.stdout + hostile.result.stderr).toContain('symlink');
    expect(hostile.count).toBeLessThan(2);
  });

  test('scans on several threads, explains and verifies', async () => {
    const sandbox = makeSandbox({ registry: 'http://127.0.0.1:9' });
    const env = envFor('npm-10', { sandbox });
    try {
      const file = program(sandbox);
      const run = async (...args: string[]): Promise<Result> =>
        execute(nodePath('system'), [file, ...args], { cwd: sandbox.project, env });
      const many = Array.from({ length: 200 }, (_, at) => `${at}.tgz`);
      for (const name of many)
        writeFileSync(join(sandbox.project, name), tgz({ name: `a-${name}` }));
      writeFileSync(join(sandbox.project, 'hostile.tgz'), attack('symlink').build({ name: 'a' }));
      expect(await run('--version')).toMatchObject({ code: 0, stderr: '' });
      expect(await run('scan', ...many, 'hostile.tgz')).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('201 archives: 200 accepted, 1 rejected') as string,
      });
      expect(await run('explain', 'hostile.tgz')).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('npm 10') as string,
      });
      const shims = join(sandbox.root, BACKSLASH, 'shims');
      expect(await run('shims', shims)).toMatchObject({ code: 0 });
      env['PATH'] = [shims, env['PATH']].join(delimiter);
      expect(await run('verify', '--manager', 'npm')).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^guarded +npm /m) as string,
      });
    } finally {
      sandbox.dispose();
    }
  });
});

const FEW = 64;

test.skipIf(sh === undefined).each(here('pnpm-10', 'pnpm-12'))(
  `%s installs guarded where ${FEW} files may be open, as it does bare`,
  async (manager) => {
    const commandIn = (sandbox: Sandbox): readonly string[] => {
      // pnpm 12 by itself gets through by asking again.
      sandbox.pnpmConfig(
        'fetchRetryMintimeout: 100',
        'fetchRetryMaxtimeout: 100',
        'fetchRetries: 5',
      );
      const tarwarden = [nodePath('system'), join(BIN, 'tarwarden.js')];
      return [sh!, '-c', `ulimit -n ${FEW}; exec "$@"`, 'sh', ...tarwarden, 'pnpm', 'install'];
    };
    const { result, count } = await install(manager, 80, { commandIn });
    expect(result).toMatchObject({ code: 0 });
    expect(count).toBe(80);
  },
);
