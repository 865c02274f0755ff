/** What is run once, and installed into no project, knows no exception of the project that it is started in. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { approveAll } from '../../support/approval.ts';
import { available, repository, runBeside, type ManagerName } from '../../support/managers.ts';
import { propose } from './clients.ts';
import { exception, makeWorld, type World } from './world.ts';

const program = join(repository, 'packages/cli/bin/tarwarden.js');
const commands: readonly (readonly [ManagerName, readonly string[]])[] = [
  ['npm-11', ['npx', '--yes', '--package', 'evil@1.0.0', '--call', 'touch ran']],
  ['pnpm-10', ['pnpm', 'dlx', '--package=evil@1.0.0', 'touch', 'ran']],
  ['pnpm-11', ['pnpm', 'dlx', '--package=evil@1.0.0', 'touch', 'ran']],
  ['pnpm-12', ['pnpm', 'dlx', '--package=evil@1.0.0', 'touch', 'ran']],
  ['pnpm-10', ['pnpm', 'add', '-g', 'evil@1.0.0']],
  ['pnpm-11', ['pnpm', 'add', '-g', 'evil@1.0.0']],
  ['pnpm-12', ['pnpm', 'add', '-g', 'evil@1.0.0']],
  ['pnpm-12', ['pnpm', 'add', '-g', 'REGISTRY/evil/-/evil-1.0.0.tgz']],
  ['yarn-4', ['yarn', 'dlx', '-p', 'evil@1.0.0', 'touch', 'ran']],
  ['bun', ['bunx', '--package', 'evil@1.0.0', 'touch', 'ran']],
];

let world: World;
afterEach(() => world.dispose());

describe('an exception of the user is shown each time', () => {
  // Yarn runs no program that the package does not bring.
  const passing = commands.filter(([name]) => available(name).ok && name !== 'yarn-4');
  test.each(passing)('in %s: %j', async (name, args) => {
    world = await makeWorld(name);
    const { sandbox } = world;
    const { project, env } = sandbox;
    world.project(project, 'clean');
    const policy = { exceptions: [exception] };
    sandbox.write({ 'tarwarden/policy.json': policy }, env['XDG_CONFIG_HOME']);
    const real = args.map(withRegistry);
    // npx fetches nothing for the second run, so nothing is inspected and no exception is used.
    for (const _ of name === 'npm-11' ? ['first'] : ['first', 'second']) {
      // oxlint-disable-next-line no-await-in-loop
      const result = await runBeside(name, program, real, { sandbox });
      expect(result).toMatchObject({ code: 0 });
      expect(`${result.stdout}\n${result.stderr}`).toContain('exception used: evil@1.0.0');
    }
  });
});

/** The address of the registry stands for `REGISTRY`. */
function withRegistry(arg: string): string {
  return arg.replace('REGISTRY', world.registry.url.replace(/\/$/, ''));
}

describe('an approved exception of the project lets nothing pass', () => {
  test.each(commands.filter(([name]) => available(name).ok))('in %s: %j', async (name, args) => {
    world = await makeWorld(name);
    const { project, env } = world.sandbox;
    world.project(project, 'clean');
    propose(project, [exception]);
    await approveAll({ env, cwd: project });
    const real = args.map(withRegistry);
    const result = await runBeside(name, program, real, { sandbox: world.sandbox });
    expect(result).not.toMatchObject({ code: 0 });
    expect(`${result.stdout}\n${result.stderr}`).toContain('duplicate-path');
    expect(existsSync(join(project, 'ran'))).toBe(false);
  });
});
