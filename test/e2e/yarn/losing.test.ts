/** The guard cannot be lost unseen: Yarn refuses to run without the plugin that `.yarnrc.yml` requires. */
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { coreAttacks } from '../../support/attacks.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available } from '../../support/managers.ts';
import { expectRefusal, makeWorld, output, plugin, publishAttack } from './world.ts';

const SYMLINK = coreAttacks[0]!;

const world = freshEach(() => makeWorld({ linker: 'node-modules' }));
beforeEach(() => world.dependencies({ evil: '1.0.0' }));

describe.skipIf(!available('yarn-4').ok)('losing the guard', () => {
  test('by removing the plugin line makes Yarn refuse', async () => {
    world.registry.publish({ name: 'evil' });
    const rc = join(world.sandbox.project, '.yarnrc.yml');
    const text = readFileSync(rc, 'utf8').replace(/^plugins:.*\n/m, '');
    writeFileSync(rc, text);
    const result = await world.run('install');
    expect(output(result)).toMatch(
      /Unrecognized or legacy configuration settings.*tarwardenRequired/,
    );
    expect(result.code).toBe(1);
  });

  test('by removing the plugin file makes Yarn refuse', async () => {
    world.registry.publish({ name: 'evil' });
    rmSync(join(world.sandbox.project, '.yarn/plugins/plugin-tarwarden.cjs'));
    expect((await world.run('install')).code).toBe(1);
  });

  test('to a Yarn of another shape makes the plugin refuse', async () => {
    world.registry.publish({ name: 'evil' });
    // Another plugin that takes away what the guard stands on, loaded before it.
    world.sandbox.write({
      '.yarn/plugins/a.cjs':
        'module.exports = {name: "a", factory: (require) => { delete require("@yarnpkg/core").Cache.prototype.getLocatorMirrorPath; return {}; }};',
    });
    const rc = join(world.sandbox.project, '.yarnrc.yml');
    const text = readFileSync(rc, 'utf8').replace(
      'plugins: [',
      'plugins: ["./.yarn/plugins/a.cjs", ',
    );
    writeFileSync(rc, text);
    const result = await world.run('install');
    expect(output(result)).toMatch(/unsupported Yarn.*refusing to run unguarded/);
    expect(result.code).toBe(1);
  });
});

test.skipIf(!available('yarn-4').ok)('yarn plugin import takes the built file', async () => {
  const url = world.registry.file('plugin-tarwarden.js', readFileSync(plugin));
  writeFileSync(join(world.sandbox.project, '.yarnrc.yml'), 'nodeLinker: node-modules\n');
  rmSync(join(world.sandbox.project, '.yarn'), { recursive: true });
  const imported = await world.run('plugin', 'import', url);
  expect(imported).toMatchObject({ code: 0 });
  const rc = join(world.sandbox.project, '.yarnrc.yml');
  appendFileSync(rc, '\ntarwardenRequired: true\n');
  expect(readFileSync(rc, 'utf8')).toContain('checksum:');
  publishAttack(world, SYMLINK);
  expectRefusal(await world.run('install'));
});
