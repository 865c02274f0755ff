/** pnpm ends after a refusal, whichever hook refuses, and takes the store that the user has chosen. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { coreAttacks } from '../../support/attacks.ts';
import { anyPnpmsByHook, available, type Result } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { sri } from '../../support/registry.ts';
import {
  cleanTarball,
  declare,
  forget,
  FRESH,
  FROZEN,
  pnpm,
  printed,
  publish,
  SUBJECT,
  unguarded,
  useBench,
} from './guarded.ts';
import { linked, wrapped } from './wrapped.ts';

/** pnpm 10 has started worker threads before it calls any hook, if there is a config dependency to unpack. */
const DEPENDENCY = 'tarwarden-settings';
const dependency = tgz({ name: DEPENDENCY, version: '1.0.0' });
const hostile = coreAttacks.find(({ id }) => id === 'symlink')!.build({ name: SUBJECT });

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';

/** Milliseconds. A pnpm that still runs then is killed, and the test fails. */
const timeout = 60_000;

describe.each(anyPnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = useBench(name);
  beforeEach(() => {
    publish(bench, cleanTarball());
    bench.registry.publish({ name: DEPENDENCY, tgz: dependency });
    configure('');
    declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
  });

  const configure = (more: string): void =>
    bench.sandbox.write({
      'pnpm-workspace.yaml': `configDependencies:\n  ${DEPENDENCY}: 1.0.0+${sri(dependency)}\n${more}`,
    });
  const expectEnded = (result: Result): void => {
    expect(result.signal).toBeNull();
    expect(result.code).not.toBe(0);
    expect(printed(result)).toContain('tarwarden: ');
    expect(linked(bench)).toBe(false);
  };

  const store = (): string => join(bench.sandbox.root, 'user-store');
  const ways: readonly [string, () => { args?: string[]; env?: NodeJS.ProcessEnv }][] = [
    [
      'a variable',
      () => ({ env: { npm_config_store_dir: store(), pnpm_config_store_dir: store() } }),
    ],
    [
      'a file of the user',
      () => {
        bench.sandbox.npmrc(`store-dir=${store()}`);
        bench.sandbox.pnpmConfig(`storeDir: ${store()}`);
        return {};
      },
    ],
    ['the command line', () => ({ args: ['--store-dir', store()] })],
    ['nothing', () => ({})],
  ];
  // pnpm 10 reads settings as pnpm 12 does, and 10.20 as the other pnpm 10.
  const turns = { 'pnpm-10-20': [0], 'pnpm-10': [1, 2] }[String(name)];
  const chosen = ways.filter((_, at) => FULL || turns?.includes(at) !== false);
  test.each(chosen)('installs with a store that is set by %s', async (_, set) => {
    const { args = [], env = {} } = set();
    for (const command of [FRESH, FROZEN]) {
      // oxlint-disable-next-line no-await-in-loop
      const result = await pnpm(bench, [...command, ...args], { env, timeout });
      expect(result).toMatchObject({ code: 0 });
      expect(linked(bench)).toBe(true);
      forget(bench, 'modules');
    }
  });

  test('ends where another pnpmfile links packages in its own way', async () => {
    configure('pnpmfile: [.pnpmfile.cjs, later.cjs]\n');
    bench.sandbox.write({
      'later.cjs': 'module.exports = { hooks: { importPackage: async () => "clone" } };\n',
    });
    expectEnded(await pnpm(bench, FRESH, { timeout }));
  });

  test('ends where the policy cannot be read', async () => {
    bench.sandbox.write({ 'tarwarden.json': '{' });
    expectEnded(await pnpm(bench, FRESH, { timeout }));
  });

  test('ends where the guard of the command refuses', async () => {
    bench.sandbox.write({ 'tarwarden.json': '{' });
    writeFileSync(join(bench.sandbox.project, '.pnpmfile.cjs'), 'module.exports = {};\n');
    expectEnded(await wrapped(bench, FRESH, { timeout }));
  });

  test('ends after a package is refused, before it resolves, as it resolves, and as it downloads', async () => {
    publish(bench, hostile);
    expectEnded(await pnpm(bench, FRESH, { timeout }));
    await unguarded(bench, FRESH);
    for (const gone of [['modules'], ['modules', 'lockfile']] as const) {
      forget(bench, ...gone);
      // oxlint-disable-next-line no-await-in-loop
      expectEnded(await pnpm(bench, gone.length > 1 ? FRESH : FROZEN, { timeout }));
    }
  });

  test('ends after an optional package and one by http are refused', async () => {
    publish(bench, hostile);
    declare(bench, { optionalDependencies: { [SUBJECT]: '1.0.0' } });
    expectEnded(await pnpm(bench, FRESH, { timeout }));
    const url = bench.registry.file('subject.tgz', hostile);
    declare(bench, { dependencies: { [SUBJECT]: url } });
    expectEnded(await pnpm(bench, FRESH, { timeout }));
  });
});
