/** HOME in the checkout, or the checkout itself, as CI services and images of containers have it: what counts as the user's own there. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { allow, approveAll } from '../../support/approval.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { propose } from './clients.ts';
import { exception, makeWorld } from './world.ts';

const POLICY = '.config/tarwarden/policy.json';
const APPROVALS = '.config/tarwarden/approvals.json';

const world = freshEach(() => makeWorld('npm-10'));
let checkout: string;
beforeEach(() => {
  checkout = join(world.sandbox.root, 'checkout');
  mkdirSync(checkout);
});

function git(cwd: string, ...args: readonly string[]): void {
  const settings = ['protocol.file.allow=always', 'user.name=a', 'user.email=a@b.example'];
  const env = { ...world.sandbox.env, GIT_CONFIG_GLOBAL: '/dev/null' };
  const all = [...settings.flatMap((setting) => ['-c', setting]), ...args];
  execFileSync('git', all, { cwd, env, stdio: 'ignore' });
}

/** Makes a folder a repository with all that is in it. */
function commit(folder: string): void {
  git(folder, 'init', '--quiet');
  git(folder, 'add', '--force', '.');
  git(folder, 'commit', '--quiet', '--message', 'all');
}

/** Adds a repository, with what `fill` puts into it, as a submodule of the checkout. */
function submodule(name: string, fill: (folder: string) => void): void {
  const origin = join(world.sandbox.root, 'origin');
  mkdirSync(origin);
  fill(origin);
  commit(origin);
  git(checkout, 'submodule', 'add', '--quiet', origin, name);
}

const plant = (folder: string, policy: object = { exceptions: [exception] }): void =>
  world.sandbox.write({ [POLICY]: policy }, folder);
const home = (folder: string): NodeJS.ProcessEnv => ({
  HOME: folder,
  XDG_CONFIG_HOME: undefined,
  npm_config_registry: world.registry.url,
});

describe('a policy that the checkout brings does not count as the user’s own', () => {
  const expectRefused = async (cwd: string, env: NodeJS.ProcessEnv): Promise<void> => {
    const result = await world.install({ cwd, env });
    expect(result).not.toMatchObject({ code: 0 });
    expect(result.stderr).toMatch(/policy\.json is in the project itself/);
    expect(world.landed('evil', cwd)).toBe(false);
  };

  test('where a package below HOME is installed, without git', async () => {
    const cwd = join(checkout, 'frontend');
    mkdirSync(cwd);
    world.sandbox.write({ 'package.json': { name: 'app', version: '1.0.0' } }, checkout);
    world.project(cwd, 'evil');
    plant(checkout);
    await expectRefused(cwd, home(checkout));
  });

  test('where a submodule below HOME is installed', async () => {
    git(checkout, 'init', '--quiet');
    submodule('frontend', (folder) => world.project(folder, 'evil'));
    plant(checkout, { mode: 'report' });
    git(checkout, 'add', '--force', '.');
    await expectRefused(join(checkout, 'frontend'), home(checkout));
  });

  test('where HOME is in a submodule', async () => {
    world.project(checkout, 'evil');
    commit(checkout);
    submodule('tools', (folder) => plant(join(folder, 'home')));
    await expectRefused(checkout, home(join(checkout, 'tools/home')));
  });

  test('where it is reached through a link that git tracks', async () => {
    world.project(checkout, 'evil');
    symlinkSync('untracked', join(checkout, '.config'));
    commit(checkout);
    world.sandbox.write(
      { 'tarwarden/policy.json': { exceptions: [exception] } },
      join(checkout, 'untracked'),
    );
    await expectRefused(checkout, home(checkout));
  });
});

describe('a HOME that is the checkout', () => {
  test('has approvals of the user, where git tracks none', async () => {
    world.project(checkout, 'evil');
    propose(checkout, [exception]);
    commit(checkout);
    const env = home(checkout);
    await approveAll({ env: { ...world.sandbox.env, ...env }, cwd: checkout });
    expect(existsSync(join(checkout, APPROVALS))).toBe(true);
    const result = await world.install({ cwd: checkout, env });
    expect(result).toMatchObject({ code: 0 });
    expect(result.stderr).toContain('proposed by the repository, approved by you');
    expect(world.landed('evil', checkout)).toBe(true);
  });

  test('gets no approvals without git, since they would not count', async () => {
    world.project(checkout, 'evil');
    propose(checkout, [exception]);
    const env = { ...world.sandbox.env, ...home(checkout) };
    const { code, stderr } = await allow({ env, cwd: checkout }, '--approve', '--yes');
    expect(code).toBe(2);
    expect(stderr).toMatch(/is in the project itself.* Set HOME or XDG_CONFIG_HOME to a folder/);
    expect(existsSync(join(checkout, APPROVALS))).toBe(false);
  });

  test('above a submodule has a policy of the user, where git tracks none', async () => {
    git(checkout, 'init', '--quiet');
    submodule('frontend', (folder) => world.project(folder, 'evil'));
    plant(checkout);
    const cwd = join(checkout, 'frontend');
    expect(await world.install({ cwd, env: home(checkout) })).toMatchObject({ code: 0 });
  });

  test('has the rights of the repository in settings of Yarn', async () => {
    await world.dispose();
    Object.assign(world, await makeWorld('yarn-4'));
    const { project } = world.sandbox;
    world.project(project, 'evil');
    const { package: name, rule, sha512, reason, expires } = exception;
    const lines = [
      'nodeLinker: node-modules',
      'plugins: ["./.yarn/plugins/plugin-tarwarden.cjs"]',
      'unsafeHttpWhitelist: ["127.0.0.1"]',
      `npmRegistryServer: "${world.registry.url}"`,
      `tarwardenExceptions: [{package: "${name}", rule: "${rule}", sha512: "${sha512}", reason: "${reason}", expires: "${expires}"}]`,
    ];
    writeFileSync(join(project, '.yarnrc.yml'), `${lines.join('\n')}\n`);
    const result = await world.install({ env: home(project) });
    expect(result).not.toMatchObject({ code: 0 });
    expect(result.stdout).toContain('tarwarden allow --approve');
    expect(world.landed('evil')).toBe(false);
  });
});
