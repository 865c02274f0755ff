/** Yarn 1, confined: what a repository or a package tries, what installs as ever, and where it refuses to begin. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findHelper } from '../../../packages/confine/src/helper.ts';
import { confineWorld, PLAIN, type ConfineWorld } from '../../support/confine/world.ts';
import type { Result } from '../../support/execute.ts';
import { tgz } from '../../support/pkg.ts';

const canConfine = !('problem' in findHelper());
const LOUD = 'loud';

describe.skipIf(!canConfine)('confined Yarn 1', () => {
  let world: ConfineWorld;
  const at = (...path: string[]): string => join(world.sandbox.project, ...path);
  beforeEach(async () => {
    world = await confineWorld('yarn-1');
  });
  afterEach(() => world.dispose());

  const project = (more: object = {}): void => {
    world.sandbox.write({ 'package.json': { name: 'project', version: '1.0.0', ...more } });
    rmSync(at('yarn.lock'), { force: true });
  };
  const confined = (...args: string[]): Promise<Result> =>
    world.tarwarden(['yarn', '--confine', ...args]);
  /** A package whose script notes each run of it, and the token where there is one. */
  const publishLoud = (): void => {
    const scripts = { postinstall: `echo "ran $NODE_AUTH_TOKEN" >> ${at('log')}` };
    world.registry.publish({
      name: LOUD,
      manifest: { scripts },
      tgz: tgz({ name: LOUD, manifest: { scripts } }),
    });
  };
  const log = (): string => (existsSync(at('log')) ? readFileSync(at('log'), 'utf8') : '');

  test.each([
    ['.yarnrc', '--install.no-ignore-scripts true\n--no-ignore-scripts true\n'],
    ['.yarnrc', 'ignore-scripts false\n--install.ignore-scripts false\n'],
    ['.yarnrc', '--install.skip-integrity-check true\n'],
    ['.yarnrc', '--force true\n'],
    ['.npmrc', 'ignore-scripts=false\n'],
  ])('runs scripts once, and behind walls, whatever %s says: %j', async (file, text) => {
    publishLoud();
    project({ dependencies: { [LOUD]: '1.0.0' } });
    world.sandbox.write({ [file]: text });
    const { code } = await confined('install');
    expect(log()).toBe(code === 0 ? 'ran \n' : '');
    // The witness: a script that is not confined has the token.
    rmSync(at('log'), { force: true });
    for (const name of ['node_modules', file]) rmSync(at(name), { recursive: true });
    expect(await world.bare(['install'])).toMatchObject({ code: 0 });
    expect(log()).toMatch(/^ran secret.*\n$/);
  });

  test('runs nothing that a git dependency brings while it fetches', async () => {
    const mark = at('prepared');
    const { remote, commit } = world.sandbox.gitRepo('dependency', {
      'package.json': {
        name: 'dependency',
        version: '1.0.0',
        scripts: { prepare: `touch ${mark}` },
      },
    });
    project({ dependencies: { dependency: `git+${remote}#${commit}` } });
    const { code, stderr } = await confined('install');
    expect(code).toBe(1);
    expect(stderr).toMatch(/dependency.*"prepare" script, which Yarn 1 runs while it fetches/);
    expect(existsSync(mark)).toBe(false);
    expect(existsSync(at('node_modules/dependency'))).toBe(false);
    // The witness.
    expect(await world.bare(['install'])).toMatchObject({ code: 0 });
    expect(existsSync(mark)).toBe(true);
  });

  test('installs git repositories without that, folders, workspaces and .pnp.js', async () => {
    publishLoud();
    const { remote, commit } = world.sandbox.gitRepo('dependency', {
      'package.json': { name: 'dependency', version: '1.0.0' },
    });
    const scripts = { postinstall: `echo folder >> ${at('log')}` };
    world.sandbox.write({
      'folder/package.json': { name: 'folder', version: '1.0.0', scripts },
      'packages/a/package.json': { name: 'a', version: '1.0.0', dependencies: { [LOUD]: '1.0.0' } },
    });
    project({
      private: true,
      workspaces: ['packages/*'],
      dependencies: { dependency: `git+${remote}#${commit}`, folder: 'file:./folder' },
    });
    const cwd = at('packages/a');
    expect(await confined('--cwd', cwd, 'install')).toMatchObject({ code: 0 });
    expect(log().split('\n').toSorted()).toEqual(['', 'folder', 'ran ']);
    const lockfile = readFileSync(at('yarn.lock'), 'utf8');
    for (const name of ['yarn.lock', 'node_modules']) rmSync(at(name), { recursive: true });
    expect(await world.bare(['install'])).toMatchObject({ code: 0 });
    expect(lockfile).toBe(readFileSync(at('yarn.lock'), 'utf8'));

    rmSync(at('log'));
    rmSync(at('node_modules'), { recursive: true });
    expect(await confined('install', '--enable-pnp')).toMatchObject({ code: 0 });
    expect(existsSync(at('.pnp.js'))).toBe(true);
    expect(log()).toContain('ran \n');
  });

  test('adds and removes packages, and leaves out what the user leaves out', async () => {
    publishLoud();
    project({ devDependencies: { [PLAIN]: '1.0.0' } });
    expect(await confined('add', `${LOUD}@1.0.0`)).toMatchObject({ code: 0 });
    expect(log()).toBe('ran \n');
    expect(world.plainRan()).toBe(true);
    rmSync(at('node_modules'), { recursive: true });
    expect(await confined('install', '--production')).toMatchObject({ code: 0 });
    expect(existsSync(at('node_modules', PLAIN))).toBe(false);
    expect(log()).toBe('ran \nran \n');
    expect(await confined('install', '--ignore-scripts')).toMatchObject({ code: 0 });
    expect(log()).toBe('ran \nran \n');
    expect(await confined('remove', LOUD)).toMatchObject({ code: 0 });
    expect(existsSync(at('node_modules', LOUD))).toBe(false);
    expect(log()).toBe('ran \nran \n');
  });

  test.each([
    ['.yarnrc', 'cache-folder "../elsewhere"\n'],
    ['.yarnrc', '--install.cache-folder ../elsewhere\n'],
    ['.yarnrc', 'yarn-offline-mirror "../elsewhere"\n'],
    ['.npmrc', 'yarn-offline-mirror=../elsewhere\n'],
  ])('writes to no folder that %s names: %j', async (file, text) => {
    mkdirSync(at('../elsewhere'));
    world.sandbox.write({ [file]: text });
    await confined('install');
    expect(readdirSync(at('../elsewhere'))).toEqual([]);
  });

  test.each([
    ['../home/.yarnrc', '"//registry.example/:_authToken" "x"\n', [], 'which scripts could read'],
    ['a', '', ['install', '--no-lockfile'], 'needs yarn.lock'],
    ['a', '', ['global', 'add', 'x'], 'cannot be split'],
    ['a', '', ['workspace', 'a', 'add', 'x'], 'in the folder of the workspace'],
  ])('is not run with %s: %j %j', async (file, text, args, why) => {
    world.sandbox.write({ [file]: text });
    const { code, stderr } = await confined(...args);
    expect(code).toBe(97);
    expect(stderr).toContain(why);
    expect(existsSync(at('node_modules'))).toBe(false);
  });

  test('says so where a setting leaves no lockfile to run scripts by', async () => {
    world.sandbox.write({ '.yarnrc': '--install.no-lockfile true\n' });
    rmSync(at('yarn.lock'));
    const { code, stderr } = await confined('install');
    expect(code).not.toBe(0);
    expect(stderr).toContain('their scripts have not run');
    expect(world.noted('package')).toBeUndefined();
  });
});
