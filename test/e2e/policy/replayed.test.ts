/** Ways in which a repository could pass off an exception as approved, each by npm's guard: nothing is installed. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exception } from '@tarwarden/core';
import { exceptionHash } from '@tarwarden/core/policy';
import { beforeEach, describe, expect, test } from 'vitest';
import { allow, approveAll } from '../../support/approval.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { run, type Result } from '../../support/managers.ts';
import { propose, type Fields } from './clients.ts';
import { exception, makeWorld } from './world.ts';

const hashOf = (fields: Fields): string => exceptionHash(fields as unknown as Exception);
const approvals = (...all: readonly Fields[]): string =>
  JSON.stringify({
    version: 1,
    approvals: all.map((one) => ({ kind: 'user', hash: hashOf(one), exception: one })),
  });

const world = freshEach(() => makeWorld('npm-10'));
let project: string;
beforeEach(() => {
  ({ project } = world.sandbox);
  world.project(project, 'evil');
});

const where = (cwd = project): { env: NodeJS.ProcessEnv; cwd: string } => ({
  env: world.sandbox.env,
  cwd,
});
const expectRefused = async (
  said: string | RegExp,
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Result> => {
  const result = await world.install(options);
  expect(result).not.toMatchObject({ code: 0 });
  expect(result.stderr).toMatch(said);
  expect(world.landed('evil', options.cwd)).toBe(false);
  return result;
};

describe('an approval ends', () => {
  test.each<[string, Fields]>([
    ['reason', { reason: 'looked at ' }],
    ['last day', { expires: '2999-01-02' }],
    ['entry', { entry: 'package/twice.js' }],
  ])('when the %s changes', async (_, change) => {
    propose(project, [exception]);
    await approveAll(where());
    const changed = { ...exception, ...change };
    propose(project, [changed]);
    await expectRefused(hashOf(changed));
  });

  test('when the reason is the same only after Unicode normalisation', async () => {
    const composed = { ...exception, reason: 'Gepr\u00fcft' };
    propose(project, [composed]);
    await approveAll(where());
    expect(await world.install()).toMatchObject({ code: 0 });
    const decomposed = { ...exception, reason: 'Gepru\u0308ft' };
    propose(project, [decomposed]);
    await expectRefused(hashOf(decomposed), { cwd: await otherClone(decomposed) });
  });

  test('on its last day', async () => {
    propose(project, [{ ...exception, expires: '2020-01-01' }]);
    await allow(where(), '--approve', hashOf({ ...exception, expires: '2020-01-01' }));
    const { stderr } = await expectRefused('duplicate-path');
    expect(stderr).toContain('expired on 2020-01-01');
    expect(stderr).not.toContain('repository proposes');
  });
});

/** The same repository in another folder. */
async function otherClone(...exceptions: readonly Fields[]): Promise<string> {
  const cwd = join(world.sandbox.root, 'clone');
  mkdirSync(cwd);
  world.project(cwd, 'evil');
  propose(cwd, exceptions);
  return Promise.resolve(cwd);
}

test('an approval holds in another clone', async () => {
  propose(project, [exception]);
  await approveAll(where());
  const cwd = await otherClone(exception);
  expect(await world.install({ cwd })).toMatchObject({ code: 0 });
  expect(world.landed('evil', cwd)).toBe(true);
});

test('the approval of one exception does not count for another', async () => {
  const other = { ...exception, rule: 'symlink' };
  propose(project, [other]);
  await approveAll(where());
  propose(project, [other, exception]);
  await expectRefused(hashOf(exception));
});

describe('an exception of the repository', () => {
  test('in the folder of a workspace member is not read for the workspace', async () => {
    const member = join(project, 'packages/a');
    world.sandbox.write({ 'package.json': { name: 'a', version: '1.0.0' } }, member);
    world.sandbox.write({
      'package.json': {
        name: 'root',
        version: '1.0.0',
        workspaces: ['packages/*'],
        dependencies: { evil: '1.0.0' },
      },
    });
    propose(member, [exception]);
    await expectRefused('duplicate-path');
  });

  test('above the folder that npm installs into, up to the root of the repository, waits for approval too', async () => {
    const folder = join(project, 'app');
    mkdirSync(join(project, '.git'));
    mkdirSync(folder);
    world.project(folder, 'evil');
    propose(project, [exception]);
    await expectRefused(hashOf(exception), { cwd: folder });
    await approveAll(where(folder));
    expect(await world.install({ cwd: folder })).toMatchObject({ code: 0 });
  });

  test('in package.json waits for approval too', async () => {
    const dependencies = { evil: '1.0.0' };
    const tarwarden = { exceptions: [exception] };
    world.sandbox.write({
      'package.json': { name: 'project', version: '1.0.0', dependencies, tarwarden },
    });
    await expectRefused(hashOf(exception));
    await approveAll(where());
    expect(await world.install()).toMatchObject({ code: 0 });
  });

  test('that is reached through a link is refused, approved or not', async () => {
    propose(project, [exception]);
    await approveAll(where());
    renameSync(join(project, 'tarwarden.json'), join(project, 'other.json'));
    symlinkSync('other.json', join(project, 'tarwarden.json'));
    await expectRefused('is a symbolic link');
  });

  test('with a key that appears twice is refused', async () => {
    const text = JSON.stringify({ exceptions: [exception] });
    const twice = text.replace('"reason":"looked at"', '"reason":"looked at","reason":"never"');
    writeFileSync(join(project, 'tarwarden.json'), twice);
    await allow(where(), '--approve', hashOf(exception));
    await expectRefused('the key "reason" appears twice');
  });

  test.each([
    ['npm install -g', ['install', '-g', 'evil@1.0.0']],
    ['npx', ['exec', '--yes', '--package', 'evil@1.0.0', '--call', 'true']],
  ])('does not count for %s, approved or not', async (_, args) => {
    propose(project, [exception]);
    await approveAll(where());
    const preload = 'packages/npm-wrapper/dist/preload.cjs';
    const env = { NODE_OPTIONS: `--require ${join(import.meta.dirname, '../../..', preload)}` };
    const result = await run('npm-10', args, { sandbox: world.sandbox, env });
    expect(result).not.toMatchObject({ code: 0 });
    expect(result.stderr).toContain('duplicate-path');
  });
});

describe('approvals that the repository brings do not count', () => {
  /** Commits what is in a folder of the project. */
  function commit(path: string): void {
    const env = { ...world.sandbox.env, GIT_CONFIG_GLOBAL: '/dev/null' };
    execFileSync('git', ['init', '--quiet'], { cwd: project, env });
    execFileSync('git', ['add', '--force', path], { cwd: project, env });
  }
  const homeInProject = (): NodeJS.ProcessEnv => ({
    HOME: join(project, 'home'),
    XDG_CONFIG_HOME: undefined,
    npm_config_registry: world.registry.url,
  });
  const plant = (folder: string): void =>
    world.sandbox.write(
      { 'tarwarden/approvals.json': approvals(exception) },
      join(project, folder),
    );

  test.each([
    ['a folder of a download', false],
    ['a folder that git tracks', true],
  ])('where HOME is %s', async (_, isTracked) => {
    propose(project, [exception]);
    plant('home/.config');
    if (isTracked) commit('home');
    const env = homeInProject();
    await expectRefused(/is in the project itself/, { env });
  });

  test('where XDG_CONFIG_HOME is a folder of the project', async () => {
    propose(project, [exception]);
    plant('xdg');
    await expectRefused(/is in the project itself/, {
      env: { XDG_CONFIG_HOME: join(project, 'xdg') },
    });
  });

  test.each(['xdg', ''])('where XDG_CONFIG_HOME is %j', async (value) => {
    propose(project, [exception]);
    plant(value);
    await expectRefused(hashOf(exception), { env: { XDG_CONFIG_HOME: value } });
  });

  test('nor does a policy that passes for the user’s own', async () => {
    const folder = join(project, 'home/.config/tarwarden');
    world.sandbox.write({ 'policy.json': { mode: 'report' } }, folder);
    const env = homeInProject();
    await expectRefused(/policy\.json is in the project itself/, { env });
  });
});

describe.runIf(process.getuid?.() === 0)('a file of approvals', () => {
  let file: string;
  beforeEach(async () => {
    propose(project, [exception]);
    await approveAll(where());
    file = join(world.sandbox.env['XDG_CONFIG_HOME']!, 'tarwarden/approvals.json');
  });

  test('that everybody can write is refused', async () => {
    chmodSync(file, 0o666);
    await expectRefused('can be written by every user');
  });

  test('of another user is refused', async () => {
    chownSync(file, 54_322, 54_322);
    await expectRefused('approvals.json belongs to uid 54322');
  });

  test('that is a link is refused', async () => {
    renameSync(file, `${file}.real`);
    symlinkSync(`${file}.real`, file);
    await expectRefused('is a symbolic link');
  });

  test('that names a hash beside another exception is refused', async () => {
    const wrong = {
      kind: 'user',
      hash: hashOf(exception),
      exception: { ...exception, reason: 'x' },
    };
    writeFileSync(file, JSON.stringify({ version: 1, approvals: [wrong] }));
    await expectRefused('is not what `tarwarden allow --approve` writes');
  });

  test('with an approval of another kind approves nothing by it', async () => {
    const signed = { kind: 'signed', hash: hashOf(exception), by: 'ci', signature: 'x' };
    writeFileSync(file, JSON.stringify({ version: 1, approvals: [signed] }));
    await expectRefused(hashOf(exception));
  });
});
