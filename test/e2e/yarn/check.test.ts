/** That the guard cannot be lost unseen, and how CI asks whether it stands. */
import { createHash } from 'node:crypto';
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

describe.skipIf(!available('yarn-4').ok)('yarn tarwarden check', () => {
  const sha512 = (): string => createHash('sha512').update(readFileSync(plugin)).digest('hex');

  test('passes, and tells what applies', async () => {
    const result = await world.run('tarwarden', 'check');
    expect(output(result)).toMatch(/armed/);
    expect(output(result)).toContain(sha512());
    expect(result.code).toBe(0);
  });

  test('compares the file with the hash that is given, and with the one beside it', async () => {
    expect((await world.run('tarwarden', 'check', '--sha512', sha512())).code).toBe(0);
    const other = await world.run('tarwarden', 'check', '--sha512', '0'.repeat(128));
    expect(output(other)).toMatch(/another SHA-512/);
    expect(other.code).toBe(1);
    const released = readFileSync(`${plugin}.sha512`, 'utf8').split(' ')[0]!;
    expect(released).toBe(sha512());
  });

  test('notices a file that was changed', async () => {
    const before = sha512();
    appendFileSync(join(world.sandbox.project, '.yarn/plugins/plugin-tarwarden.cjs'), '\n');
    const result = await world.run('tarwarden', 'check', '--sha512', before, '--json');
    expect(result.code).toBe(1);
    expect(JSON.parse(result.stdout)).toMatchObject({ ok: false });
  });

  test('fails for a policy that is not valid', async () => {
    world.rc('tarwardenLinks: contained');
    const result = await world.run('tarwarden', 'check');
    expect(output(result)).toMatch(/nothing can be inspected, so nothing is installed/);
    expect(result.code).toBe(1);
  });

  test('fails where nothing would notice that the plugin goes', async () => {
    const rc = join(world.sandbox.project, '.yarnrc.yml');
    writeFileSync(rc, readFileSync(rc, 'utf8').replace('tarwardenRequired: true\n', ''));
    const result = await world.run('tarwarden', 'check');
    expect(output(result)).toMatch(/tarwardenRequired/);
    expect(result.code).toBe(1);
  });
});

test.skipIf(!available('yarn-4').ok)(
  'yarn plugin import takes the built file, and check knows its checksum',
  async () => {
    const url = world.registry.file('plugin-tarwarden.js', readFileSync(plugin));
    writeFileSync(join(world.sandbox.project, '.yarnrc.yml'), 'nodeLinker: node-modules\n');
    rmSync(join(world.sandbox.project, '.yarn'), { recursive: true });
    const imported = await world.run('plugin', 'import', url);
    expect(imported).toMatchObject({ code: 0 });
    const rc = join(world.sandbox.project, '.yarnrc.yml');
    appendFileSync(rc, '\ntarwardenRequired: true\n');
    expect(readFileSync(rc, 'utf8')).toContain('checksum:');
    expect((await world.run('tarwarden', 'check')).code).toBe(0);
    appendFileSync(join(world.sandbox.project, '.yarn/plugins/plugin-tarwarden.cjs'), '\n');
    const changed = await world.run('tarwarden', 'check');
    expect(output(changed)).toMatch(/changed since `yarn plugin import`/);
    expect(changed.code).toBe(1);
    publishAttack(world, SYMLINK);
    expectRefusal(await world.run('install'));
  },
);
