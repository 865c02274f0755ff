/** The ways to bring the hook into a project, and what is refused because it would not be guarded. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { coreAttacks } from '../../support/attacks.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available, pnpms, repository } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { sri } from '../../support/registry.ts';
import { tree } from '../../support/tree.ts';
import {
  type Bench,
  cleanTarball,
  closeBench,
  declare,
  forget,
  FRESH,
  FROZEN,
  HOOK,
  makeBench,
  pnpm,
  printed,
  publish,
  setGuard,
  SUBJECT,
  unguarded,
} from './guarded.ts';

const PLUGIN = 'pnpm-plugin-tarwarden';
const hook = (path: string): string =>
  readFileSync(join(repository, 'packages/pnpm-hook', path), 'utf8');

/** The plugin as it is published. */
function publishPlugin(bench: Bench): Buffer {
  const files = Object.fromEntries(
    ['pnpmfile.cjs', 'dist/index.cjs', 'dist/inspect.cjs', 'dist/fetch.cjs', 'dist/yaml.cjs'].map(
      (path) => [path, hook(path)],
    ),
  );
  const bytes = tgz({ name: PLUGIN, version: '0.1.0', files });
  bench.registry.publish({ name: PLUGIN, version: '0.1.0', tgz: bytes });
  return bytes;
}

describe.each(pnpms.filter((name) => available(name).ok))('%s', (name) => {
  const bench = freshEach(() => makeBench(name), closeBench);

  const linked = (): boolean => existsSync(join(bench.sandbox.project, 'node_modules', SUBJECT));

  describe('as a config dependency', () => {
    beforeEach(() => {
      const bytes = publishPlugin(bench);
      setGuard(bench, false);
      bench.sandbox.write({
        'pnpm-workspace.yaml': `configDependencies:\n  ${PLUGIN}: 0.1.0+${sri(bytes)}\n`,
      });
      declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
    });

    test('refuses from the first install on', async () => {
      publish(bench, coreAttacks[0]?.build({ name: SUBJECT }) ?? Buffer.alloc(0));
      const result = await pnpm(bench, FRESH);
      expect(result).toMatchObject({ code: 1 });
      expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
      expect(linked()).toBe(false);
    });

    test('takes a clean package, and the check finds it guarded', async () => {
      publish(bench, cleanTarball());
      expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
      expect(linked()).toBe(true);
      const installed = join(bench.sandbox.project, 'node_modules/.pnpm-config', PLUGIN);
      expect(existsSync(join(installed, 'dist/index.cjs'))).toBe(true);
    });
  });

  test('a repeated install is looked at again', async () => {
    publish(bench, coreAttacks[0]?.build({ name: SUBJECT }) ?? Buffer.alloc(0));
    declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
    await unguarded(bench, FRESH);
    expect(await pnpm(bench, ['install'])).toMatchObject({ code: 1 });
  });

  test('leaves no credentials and no tarballs behind', async () => {
    publish(bench, cleanTarball());
    declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
    const { host } = new URL(bench.registry.url);
    bench.sandbox.npmrc(`//${host}/:_authToken=secret-token`);
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
    const everything = tree(bench.sandbox.root);
    const left = everything.filter((line) => /tarwarden\/run\/|temp\/tarwarden-/.test(line));
    expect(left).toEqual([]);
  });

  test('leaves no tarballs behind that were inspected and not unpacked', async () => {
    publish(bench, cleanTarball());
    declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
    await unguarded(bench, FRESH);
    forget(bench, 'modules');
    expect(await pnpm(bench, FROZEN)).toMatchObject({ code: 0 });
    expect(tree(bench.sandbox.root).filter((line) => /tarwarden.*\.tgz/.test(line))).toEqual([]);
  });

  test.skipIf(name !== 'pnpm-11')('refuses to leave the install to another engine', async () => {
    const guard = `const guard = require(${JSON.stringify(HOOK)})\n`;
    const config = "{ ...config, configDependencies: { '@pnpm/pacquet': '1.0.0' } }";
    setGuard(
      bench,
      `${guard}module.exports = { ...guard, hooks: { ...guard.hooks, updateConfig: (config) => guard.hooks.updateConfig(${config}) } }\n`,
    );
    const result = await pnpm(bench, FRESH);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stdout + result.stderr).toContain('@pnpm/pacquet');
  });

  test('refuses to go on with a policy that it cannot read', async () => {
    bench.sandbox.write({ 'tarwarden.json': '{ "nonsense": true }' });
    const result = await pnpm(bench, FRESH);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stdout + result.stderr).toContain('nonsense');
    expect(result.stdout + result.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
    expect(existsSync(join(bench.sandbox.project, 'node_modules/tarwarden-neighbour'))).toBe(false);
  });

  test('refuses a pnpm that it does not know', async () => {
    const guard = `const guard = require(${JSON.stringify(HOOK)})\n`;
    setGuard(
      bench,
      `${guard}module.exports = { ...guard, hooks: { ...guard.hooks, updateConfig: (config) => guard.hooks.updateConfig({ ...config, userAgent: 'pnpm/12.15.0' }) } }\n`,
    );
    const result = await pnpm(bench, FRESH);
    expect(result).toMatchObject({ code: 1 });
    expect(printed(result)).toContain('this is pnpm 12.15.0');
    expect(existsSync(join(bench.sandbox.project, 'node_modules/tarwarden-neighbour'))).toBe(false);
  });
});
