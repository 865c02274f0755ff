/** Config dependencies, which pnpm unpacks before any pnpmfile of ours: inspected before it goes on, removed where they fail. */
import { existsSync, lstatSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { coreAttacks } from '../../support/attacks.ts';
import { available, pnpms } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { sri } from '../../support/registry.ts';
import { declare, forget, FRESH, FROZEN, pnpm, printed, unguarded, useBench } from './guarded.ts';

const NAME = 'tarwarden-settings';
const clean = tgz({ name: NAME, version: '1.0.0', files: { 'index.js': 'clean\n' } });
const hostile = coreAttacks.find(({ id }) => id === 'symlink')!.build({ name: NAME });

describe.each(pnpms.filter((name) => available(name).ok))('%s', (name) => {
  const bench = useBench(name);
  beforeEach(() => declare(bench, {}));

  const folder = (): string => join(bench.sandbox.project, 'node_modules/.pnpm-config', NAME);

  async function lock(bytes: Buffer): Promise<void> {
    bench.registry.publish({ name: NAME, tgz: bytes });
    bench.sandbox.write({
      'pnpm-workspace.yaml': `configDependencies:\n  ${NAME}: 1.0.0+${sri(bytes)}\n`,
    });
    await unguarded(bench, FRESH);
  }

  test.each([
    ['cold', ['modules', 'store']],
    ['already unpacked', []],
  ] as const)('removes a hostile one, %s', async (_, gone) => {
    await lock(hostile);
    forget(bench, ...gone);
    const result = await pnpm(bench, FROZEN);
    expect(result.code).not.toBe(0);
    expect(printed(result)).toContain('now removed');
    expect(existsSync(folder())).toBe(false);
    expect(lstatSync(folder(), { throwIfNoEntry: false })).toBeUndefined();
  });

  test('removes a hostile one in report mode as well', async () => {
    await lock(hostile);
    const policy = { 'tarwarden/policy.json': { mode: 'report' } };
    bench.sandbox.write(policy, bench.sandbox.env['XDG_CONFIG_HOME']);
    const result = await pnpm(bench, FROZEN);
    expect(result.code).not.toBe(0);
    expect(printed(result).replaceAll(/\s+/g, ' ')).toContain('report mode does not let it pass');
    expect(existsSync(folder())).toBe(false);
  });

  test('takes a clean one, and downloads it once', async () => {
    await lock(clean);
    expect(await pnpm(bench, FROZEN)).toMatchObject({ code: 0 });
    bench.registry.log.length = 0;
    expect(await pnpm(bench, FROZEN)).toMatchObject({ code: 0 });
    expect(bench.registry.downloads()).toEqual([]);
    expect(readFileSync(join(folder(), 'index.js'), 'utf8')).toBe('clean\n');
  });

  test.skipIf(name === 'pnpm-10')('takes one of a project without a lockfile', async () => {
    bench.registry.publish({ name: NAME, tgz: clean });
    bench.sandbox.write({
      'pnpm-workspace.yaml': `lockfile: false\nconfigDependencies:\n  ${NAME}: 1.0.0\n`,
    });
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
  });

  test.skipIf(name === 'pnpm-10')('inspects the optional packages that one needs', async () => {
    const optional = 'tarwarden-native';
    const manifest = { optionalDependencies: { [optional]: '1.0.0' } };
    bench.registry.publish({
      name: NAME,
      tgz: tgz({ name: NAME, version: '1.0.0', manifest }),
      manifest,
    });
    bench.sandbox.write({ 'pnpm-workspace.yaml': `configDependencies:\n  ${NAME}: 1.0.0\n` });
    const needed = (): string => join(realpathSync(folder()), '..', optional, 'package.json');

    bench.registry.publish({ name: optional });
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
    expect(existsSync(needed())).toBe(true);

    forget(bench, 'modules', 'store', 'lockfile');
    rmSync(join(bench.sandbox.root, 'xdg/cache/pnpm'), { recursive: true, force: true });
    const bytes = coreAttacks.find(({ id }) => id === 'symlink')!.build({ name: optional });
    bench.registry.publish({ name: optional, tgz: bytes });
    const result = await pnpm(bench, FRESH);
    expect(result.code).not.toBe(0);
    expect(printed(result)).toContain(optional);
    expect(printed(result)).toContain('now removed');
    expect(existsSync(folder())).toBe(false);
  });
});
