/** What is in order is installed, says nothing, and is inspected once. */
import { inspect } from '@tarwarden/core';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { cleanOddities } from '../../support/attacks.ts';
import { EMPTY_YARN_LOCK } from '../../support/git.ts';
import { available } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { expectInstalled, linkers, makeWorld, output, type World } from './world.ts';

let world: World;
afterEach(async () => {
  await world.dispose();
});

describe.skipIf(!available('yarn-4').ok)('a project in order', () => {
  test.each(linkers)(
    'with oddities of real packages is installed, cold and warm (%s)',
    async (linker) => {
      world = await makeWorld({ linker });
      const names = cleanOddities.map((one, at) => {
        const name = `odd-${at}`;
        const tgz = one.build({ name });
        // The document says what the archive says, as when people publish.
        const { dependencies = {} } = inspect(tgz).manifest?.declares ?? {};
        world.registry.publish({ name, tgz, manifest: { dependencies } });
        return name;
      });
      world.registry.publish({ name: 'tarwarden-dep' });
      expect(names.length).toBeGreaterThan(5);
      world.dependencies(Object.fromEntries(names.map((name) => [name, '1.0.0'])));
      const cold = await world.run('install');
      expectInstalled(cold);
      expect(output(cold)).not.toMatch(/tarwarden/i);
      world.forgetProject();
      expectInstalled(await world.run('install', '--immutable'));
      expectInstalled(await world.run('install', '--check-cache'));
    },
  );

  test('with every kind of source is installed', async () => {
    world = await makeWorld({ linker: 'node-modules', localCache: true });
    world.registry.publish({ name: 'a', manifest: { dependencies: { '@s/b': '1.0.0' } } });
    world.registry.publish({ name: '@s/b' });
    writeFileSync(join(world.sandbox.project, 'c.tgz'), tgz({ name: 'c' }));
    const { remote, commit } = world.sandbox.gitRepo('git', {
      'package.json': { name: 'git', version: '1.0.0' },
      'yarn.lock': EMPTY_YARN_LOCK,
    });
    world.sandbox.write({
      'folder/package.json': { name: 'folder', version: '1.0.0' },
      'linked/package.json': { name: 'linked', version: '1.0.0' },
      'a.patch':
        'diff --git a/index.js b/index.js\n--- a/index.js\n+++ b/index.js\n@@ -1,1 +1,1 @@\n-module.exports = 1\n+module.exports = 2\n',
    });
    world.dependencies({
      a: 'patch:a@npm%3A1.0.0#./a.patch',
      alias: 'npm:@s/b@1.0.0',
      c: 'file:./c.tgz',
      d: world.registry.file('d.tgz', tgz({ name: 'd' })),
      // Named otherwise than it calls itself, which Yarn allows for all but the registry.
      e: world.registry.file('e.tgz', tgz({ name: 'other' })),
      folder: 'file:./folder',
      linked: 'link:./linked',
      portal: 'portal:./linked',
      git: `${remote}#commit=${commit}`,
    });
    expectInstalled(await world.run('install'));
    world.forgetProject();
    expectInstalled(await world.run('install', '--immutable'));
    const { code } = await world.runWith(
      { YARN_ENABLE_NETWORK: 'false' },
      'install',
      '--immutable',
    );
    expect(code).toBe(0);
  });

  test('is not asked for again by the guard', async () => {
    world = await makeWorld({ linker: 'node-modules' });
    world.registry.publish({ name: 'a' });
    world.dependencies({ a: '1.0.0' });
    expectInstalled(await world.run('install'));
    expectInstalled(await world.run('install'));
    expect(world.registry.downloads()).toEqual(['/a/-/a-1.0.0.tgz']);
  });

  test('runs what dlx fetches', async () => {
    world = await makeWorld();
    world.dependencies({});
    const manifest = { bin: { hello: 'hello.js' } };
    world.registry.publish({
      name: 'hello',
      manifest,
      tgz: tgz({
        name: 'hello',
        manifest,
        files: { 'hello.js': '#!/usr/bin/env node\nconsole.log("hello " + 6 * 7)\n' },
      }),
    });
    const result = await world.run('dlx', 'hello');
    expect(output(result)).toMatch(/hello 42/);
    expect(result.code).toBe(0);
  });
});
