/** Where tarwarden lies, and how many files it may open, is no reason to fail. */
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { requireOption } from '../../../packages/npm-wrapper/src/node-options.ts';
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

const sh = findProgram('sh');
const BIN = join(repository, 'packages/cli/bin');

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

/** Node starts no ES module from there, and with it no `tarwarden`. What managers load is none. */
const BACKSLASH = String.raw`a\b c\"d"`;

test
  .skipIf(process.platform === 'win32')
  .each((['npm-11', 'pnpm-10', 'pnpm-12'] as const).filter((name) => available(name).ok))(
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

const FEW = 64;

test
  .skipIf(sh === undefined)
  .each((['pnpm-10', 'pnpm-12'] as const).filter((name) => available(name).ok))(
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
