/** Optional packages that the guard might take to be for another machine, and that pnpm links from its store. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { coreAttacks } from '../../support/attacks.ts';
import { available, pnpmsByHook } from '../../support/managers.ts';
import { sri } from '../../support/registry.ts';
import { declare, forget, FRESH, FROZEN, pnpm, SUBJECT, unguarded, useBench } from './guarded.ts';

const hostile = coreAttacks.find(({ id }) => id === 'symlink')!.build({ name: SUBJECT });
const here = process.platform;

interface Lie {
  readonly id: string;
  /** What the registry says of the package. */
  readonly os?: readonly string[];
  /** System for which the store is filled, if not this one. */
  readonly filledFor?: string;
  /** `supportedArchitectures.os` of the project. */
  readonly supported?: readonly string[];
  /** Changes a lockfile that pnpm has written. */
  readonly lockfile?: (text: string) => string;
}

const lies: readonly Lie[] = [
  {
    id: 'words beside an exclusion, and two systems',
    os: ['!win32', 'darwin'],
    filledFor: 'darwin',
    supported: ['current', 'freebsd'],
  },
  { id: 'an exclusion, and no system at all', os: ['!win32'], supported: [] },
  { id: 'a system that is named and then excluded', os: [here, `!${here}`] },
  {
    id: 'another system, by a lockfile that calls it optional nowhere',
    lockfile: (text) =>
      text
        .replace(new RegExp(`(\n  ${SUBJECT}@1.0.0:\n.*\n)`), '$1    os: [darwin]\n')
        .replace(`  ${SUBJECT}@1.0.0:\n    optional: true`, `  ${SUBJECT}@1.0.0: {}`),
  },
];

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = useBench(name);

  const installed = (): boolean =>
    existsSync(join(bench.sandbox.project, 'node_modules', SUBJECT, 'package.json'));
  const lockfile = (): string =>
    readFileSync(join(bench.sandbox.project, 'pnpm-lock.yaml'), 'utf8');

  const supportSystems = (systems: readonly string[]): void => {
    const settings = `supportedArchitectures:\n  os: ${JSON.stringify(systems)}\n`;
    bench.sandbox.write({ 'pnpm-workspace.yaml': settings });
  };

  /** The store has the package, by an install for every system. */
  async function fillStore({
    os,
    filledFor = here,
    supported,
    lockfile: change,
  }: Lie): Promise<void> {
    const manifest = os === undefined ? {} : { os };
    bench.registry.publish({ name: SUBJECT, tgz: hostile, manifest });
    declare(bench, { optionalDependencies: { [SUBJECT]: '1.0.0' } });
    supportSystems([filledFor]);
    await unguarded(bench, [...FRESH, '--force']);
    expect(installed()).toBe(true);
    forget(bench, 'modules');
    supportSystems(supported ?? ['current']);
    if (change === undefined) return;
    expect(change(lockfile())).not.toBe(lockfile());
    bench.sandbox.write({ 'pnpm-lock.yaml': change(lockfile()) });
  }

  test.each(lies)('inspects what the store has: $id', async (lie) => {
    await fillStore(lie);
    const result = await pnpm(bench, FROZEN);
    expect(result).toMatchObject({ code: 1, timedOut: false });
    expect(result.stderr).toContain('tarwarden: refused ');
    expect(installed()).toBe(false);
  });

  test('inspects it without a lockfile', async () => {
    await fillStore(lies[0]!);
    forget(bench, 'lockfile');
    const result = await pnpm(bench, FRESH);
    expect(result).toMatchObject({ code: 1, timedOut: false });
    expect(installed()).toBe(false);
  });

  test('links nothing that a refused config dependency has left in the store', async () => {
    // Each pnpm installs one of these, which a guard that reads the list in another way would pass over.
    const { os = [], supported = ['current'] } = name.startsWith('pnpm-10') ? lies[0]! : lies[1]!;
    bench.registry.publish({ name: SUBJECT, tgz: hostile, manifest: { os } });
    declare(bench, { optionalDependencies: { [SUBJECT]: '1.0.0' } });
    supportSystems(supported);
    await unguarded(bench, FRESH);
    expect(installed()).toBe(true);
    const locked = lockfile();
    forget(bench, 'modules', 'store');
    const dependency = `configDependencies:\n  ${SUBJECT}: 1.0.0+${sri(hostile)}\n`;
    bench.sandbox.write({ 'pnpm-workspace.yaml': dependency });
    expect((await pnpm(bench, FRESH)).code).not.toBe(0);
    supportSystems(supported);
    bench.sandbox.write({ 'pnpm-lock.yaml': locked });
    const result = await pnpm(bench, FROZEN);
    expect(result).toMatchObject({ code: 1, timedOut: false });
    expect(installed()).toBe(false);
  });

  test('says of a rejected package for another system that it is rejected, and downloads nothing', async () => {
    bench.registry.publish({ name: SUBJECT, tgz: hostile });
    declare(bench, { optionalDependencies: { [SUBJECT]: '1.0.0' } });
    expect((await pnpm(bench, FRESH)).code).toBe(1);
    bench.registry.publish({ name: SUBJECT, tgz: hostile, manifest: { os: ['win32'] } });
    rmSync(join(bench.sandbox.root, 'xdg/cache/pnpm'), { recursive: true, force: true });
    await unguarded(bench, FRESH);
    expect(lockfile()).toContain('os: [win32]');
    forget(bench, 'modules', 'store');
    bench.registry.log.length = 0;
    const result = await pnpm(bench, FROZEN);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('tarwarden: refused ');
    expect(bench.registry.downloads().filter((path) => path.includes(SUBJECT))).toEqual([]);
  });
});
