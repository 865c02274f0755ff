/** Yarn 3, as far as its shape lets: its tarballs are seen on their way to a worker, its archives as in Yarn 4. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { coreAttacks, SENTINEL } from '../../support/attacks.ts';
import { EMPTY_YARN_LOCK } from '../../support/git.ts';
import { available } from '../../support/managers.ts';
import {
  expectInstalled,
  expectNotInAnyCache,
  expectNoTrace,
  expectRefusal,
  expectRefusalInLog,
  linkers,
  makeWorld,
  publishAttack,
  type World,
} from './world.ts';

let world: World;
afterEach(async () => {
  await world.dispose();
});
const yarn = 'yarn-3';
const [SYMLINK] = coreAttacks;

describe.skipIf(!available(yarn).ok)('Yarn 3', () => {
  test.each(coreAttacks.map((one) => [one.id, one] as const))(
    'refuses a package of the registry: %s',
    async (_id, attack) => {
      world = await makeWorld({ yarn, linker: 'node-modules' });
      publishAttack(world, attack);
      world.dependencies({ evil: '1.0.0' });
      const state = world.state();
      expectRefusal(await world.run('install'), /refused evil@1\.0\.0/);
      expectNoTrace(world, 'evil', state);
      await expectNotInAnyCache(world, 'evil');
    },
  );

  test.each(linkers)('refuses with the linker %s, and installs what is clean', async (linker) => {
    world = await makeWorld({ yarn, linker });
    world.registry.publish({ name: 'good' });
    world.dependencies({ good: '1.0.0' });
    expectInstalled(await world.run('install'));
    publishAttack(world, SYMLINK!);
    world.dependencies({ good: '1.0.0', evil: '1.0.0' });
    const state = world.state();
    expectRefusal(await world.run('install'));
    expectNoTrace({ ...world, archives: () => [] }, 'evil', state);
  });

  test('refuses a folder by file:', async () => {
    world = await makeWorld({ yarn, linker: 'node-modules' });
    const dir = join(world.sandbox.project, 'folder');
    mkdirSync(dir);
    writeFileSync(join(dir, 'package.json'), '{"name":"evil","version":"1.0.0"}');
    symlinkSync(SENTINEL, join(dir, 'link'));
    world.dependencies({ evil: 'file:./folder' });
    const state = world.state();
    expectRefusal(await world.run('install'));
    expectNoTrace(world, 'evil', state);
  });

  test('refuses a bad devDependency of a git dependency', async () => {
    world = await makeWorld({ yarn, linker: 'node-modules' });
    publishAttack(world, SYMLINK!);
    const { remote, commit } = world.sandbox.gitRepo('gitdep', {
      'package.json': {
        name: 'gitdep',
        version: '1.0.0',
        scripts: { prepack: 'true' },
        devDependencies: { evil: '1.0.0' },
      },
      'yarn.lock': EMPTY_YARN_LOCK,
    });
    world.dependencies({ gitdep: `${remote}#commit=${commit}` });
    const state = world.state();
    expectRefusalInLog(await world.run('install'));
    expectNoTrace(world, 'evil', state);
  });

  test.each([
    ['zero-install', true],
    ['the global cache', false],
  ])('refuses what %s holds from before', async (_title, localCache) => {
    world = await makeWorld({ yarn, linker: 'node-modules', localCache });
    publishAttack(world, SYMLINK!);
    world.dependencies({ evil: '1.0.0' });
    world.guard(false);
    expect((await world.run('install')).code).toBe(0);
    world.forgetProject();
    world.guard(true);
    expectRefusal(await world.runWith({ YARN_ENABLE_NETWORK: 'false' }, 'install', '--immutable'));
    if (localCache) {
      rmSync(join(world.sandbox.project, '.yarn/cache'), { recursive: true });
      expectRefusal(await world.run('install'));
    }
  });

  test('obeys the plugin’s settings', async () => {
    world = await makeWorld({ yarn, linker: 'node-modules' });
    world.dependencies({});
    world.guard(false);
    world.sandbox.write({ '.yarnrc.yml': 'tarwardenRequired: true\n' });
    expect((await world.run('install')).code).toBe(1);
  });
});
