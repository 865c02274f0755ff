/** `tarwarden pnpm`: guarded from the first command on, without a line in the project or its lockfile. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { execute } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available, envFor, pnpmsByHook } from '../../support/managers.ts';
import {
  cleanTarball,
  closeBench,
  closeUntouched,
  declare,
  forget,
  publish,
  SUBJECT,
} from './guarded.ts';
import { linked, lockfile, makeWrapped, plain, TARWARDEN, wrapped } from './wrapped.ts';

const FRESH = ['install', '--no-frozen-lockfile'];
const FROZEN = ['install', '--frozen-lockfile'];
const HOOKS = 'module.exports = { hooks: { readPackage: (p) => ({ ...p, seen: true }) } }\n';

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
const QUIET = [['--version'], ['prefix'], ['config', 'list'], ['root'], ['store', 'path']];
const PNPMFILES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['no pnpmfile', {}],
  ['a pnpmfile with hooks', { '.pnpmfile.cjs': HOOKS }],
  ['a pnpmfile without hooks', { '.pnpmfile.cjs': 'module.exports = { finders: {} }\n' }],
];
const WAYS: readonly (readonly [string, readonly string[]])[] = [
  ['install', FRESH],
  ['options first, recursive', ['-C', '.', '-r', ...FRESH]],
  ['add', ['add', SUBJECT]],
  ['filtered', ['--filter', 'project', ...FRESH]],
];

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = freshEach(() => makeWrapped(name), closeUntouched);

  const publishHostile = (): void => publish(bench, attack('symlink').build({ name: SUBJECT }));

  async function expectRefused(args: readonly string[], where = '.'): Promise<void> {
    const result = await wrapped(bench, args);
    expect(result).toMatchObject({ code: 1, timedOut: false });
    expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    expect(result.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
    expect(linked(bench, SUBJECT, where)).toBe(false);
  }

  test.each(FULL ? WAYS : WAYS.slice(0, 2))('refuses a hostile package: %s', async (_, args) => {
    publishHostile();
    await expectRefused(args);
  });

  test('refuses what an unguarded install left in store and lockfile', async () => {
    publishHostile();
    expect(await plain(bench, FRESH)).toMatchObject({ code: 0 });
    forget(bench, 'modules');
    await expectRefused(FROZEN);
    forget(bench, 'store');
    await expectRefused(FROZEN);
    forget(bench, 'lockfile');
    await expectRefused(FRESH);
  });

  test('refuses an optional one, and does not end with 0', async () => {
    publishHostile();
    declare(bench, { optionalDependencies: { [SUBJECT]: '1.0.0' } });
    await expectRefused(FRESH);
    expect(await plain(bench, FRESH)).toMatchObject({ code: 0 });
    forget(bench, 'modules', 'store');
    await expectRefused(FROZEN);
  });

  test('refuses what dlx, pnpx and -g would install', async () => {
    publishHostile();
    for (const result of [
      await wrapped(bench, ['dlx', SUBJECT]),
      await wrapped(bench, [SUBJECT], { tool: 'pnpx' }),
      await wrapped(bench, ['--package', SUBJECT, SUBJECT], { tool: 'pnpx' }),
      await wrapped(bench, ['add', '--global', SUBJECT]),
    ]) {
      expect(result.code).toBe(1);
      expect(result.stdout).not.toContain('ran');
      expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    }
  });

  test('does not run what an unguarded dlx left', async () => {
    publishHostile();
    expect(await plain(bench, ['dlx', SUBJECT])).toMatchObject({ timedOut: false });
    const result = await wrapped(bench, ['dlx', SUBJECT]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
  });

  test('runs what is clean: dlx, pnpx, scripts', async () => {
    publish(bench, cleanTarball());
    expect(await wrapped(bench, ['dlx', SUBJECT])).toMatchObject({ code: 0, stdout: 'ran\n' });
    const byPnpx = await wrapped(bench, ['--silent', SUBJECT], { tool: 'pnpx' });
    expect(byPnpx).toMatchObject({ code: 0, stdout: 'ran\n' });
  });

  test('adds, updates and removes clean global packages one after the other', async () => {
    publish(bench, cleanTarball());
    for (const args of ['add -g', 'add -g', 'update -g', 'remove -g', 'add -g'])
      // oxlint-disable-next-line no-await-in-loop
      expect(await wrapped(bench, [...args.split(' '), SUBJECT])).toMatchObject({ code: 0 });
  });

  test.each(FULL ? PNPMFILES : PNPMFILES.slice(0, 2))(
    'leaves the lockfile as pnpm alone writes it: %s',
    async (_, files) => {
      publish(bench, cleanTarball());
      bench.sandbox.write(files);
      expect(await plain(bench, FRESH)).toMatchObject({ code: 0 });
      const without = lockfile(bench);
      forget(bench, 'modules');
      expect(await wrapped(bench, FROZEN)).toMatchObject({ code: 0 });
      expect(linked(bench)).toBe(true);
      expect(lockfile(bench)).toBe(without);
      forget(bench, 'modules', 'lockfile');
      expect(await wrapped(bench, FRESH)).toMatchObject({ code: 0 });
      expect(lockfile(bench)).toBe(without);
      forget(bench, 'modules');
      expect(await plain(bench, FROZEN)).toMatchObject({ code: 0 });
    },
  );

  test('the guard stays in a pnpm that a script starts', async () => {
    publishHostile();
    bench.sandbox.write({
      'package.json': {
        name: 'project',
        version: '1.0.0',
        scripts: { sub: 'cd sub && pnpm install' },
      },
      'sub/package.json': { name: 'sub', version: '1.0.0', dependencies: { [SUBJECT]: '1.0.0' } },
      'sub/pnpm-workspace.yaml': 'packages: []\n',
    });
    const result = await wrapped(bench, ['run', 'sub']);
    expect(result.code).toBe(1);
    expect(linked(bench, SUBJECT, 'sub')).toBe(false);
    bench.sandbox.write({
      'package.json': {
        name: 'project',
        version: '1.0.0',
        scripts: { sub: 'cd sub && (pnpm install || exit 0)' },
      },
    });
    // The script hides the failure; the guard does not.
    expect(await wrapped(bench, ['run', 'sub'])).toMatchObject({ code: 1 });
  });

  // pnpm 10 has the root of the workspace in that lockfile as well, though nothing leads to it.
  test.skipIf(name === 'pnpm-10')(
    'deploys a project with the workspace packages that it needs',
    async () => {
      const manifest = (folder: string, dependencies: object): object => ({
        [`packages/${folder}/package.json`]: { name: folder, version: '1.0.0', dependencies },
      });
      publish(bench, cleanTarball());
      bench.sandbox.write({
        'package.json': { name: 'root', version: '1.0.0', private: true },
        'pnpm-workspace.yaml': 'packages: ["packages/*"]\ninjectWorkspacePackages: true\n',
        ...manifest('one', { two: 'workspace:*' }),
        ...manifest('two', { three: 'workspace:*' }),
        ...manifest('three', { [SUBJECT]: '1.0.0' }),
      });
      expect(await wrapped(bench, FRESH)).toMatchObject({ code: 0 });
      const out = join(bench.sandbox.root, 'out');
      expect(await wrapped(bench, ['--filter=one', 'deploy', '--prod', out])).toMatchObject({
        code: 0,
      });
      expect(existsSync(join(out, 'node_modules/two/package.json'))).toBe(true);
    },
  );

  test.each(FULL ? QUIET : QUIET.slice(0, 2))(
    'what installs nothing needs no guard: %s %s',
    async (...args) => {
      expect(await wrapped(bench, args)).toMatchObject({ code: 0 });
    },
  );

  test('what runs scripts, lists, or finds nothing to install keeps its own exit code', async () => {
    const scripts = { hello: 'echo hello', test: 'exit 3' };
    bench.sandbox.write({ 'package.json': { name: 'project', version: '1.0.0', scripts } });
    for (const args of [['run', 'hello'], ['hello'], ['list'], ['--filter', 'none', 'install']])
      expect(await wrapped(bench, args)).toMatchObject({ code: 0 });
    // pnpm 12 hands on the script's own code.
    expect([1, 3]).toContain((await wrapped(bench, ['test'])).code);
  });

  test('a project that names another pnpm is not given one from the registry', async () => {
    publish(bench, cleanTarball());
    bench.sandbox.write({
      'package.json': {
        name: 'project',
        version: '1.0.0',
        packageManager: 'pnpm@10.0.0',
        dependencies: { [SUBJECT]: '1.0.0' },
      },
    });
    const result = await wrapped(bench, FRESH);
    expect(result.code).toBe(1);
    expect(result.stdout + result.stderr).toMatch(/configured to use v?10\.0\.0 of pnpm/);
    expect(bench.registry.log.filter(({ path }) => path.startsWith('/pnpm'))).toEqual([]);
  });

  test('what brings in code without a hook is not run', async () => {
    for (const args of [['self-update'], ['env', 'use', '--global', '20'], ['with', '10.0.0', 'i']])
      expect(await wrapped(bench, args)).toMatchObject({ code: 97, stdout: '' });
    expect(bench.registry.log).toEqual([]);
  });

  test.each([
    ['pnpm', 'install', '--ignore-pnpmfile'],
    ['pnpm', 'install', '--config.ignorePnpmfile=true'],
    ['pnpm', 'install', '--global-pnpmfile=x.cjs'],
    ['pnpm', '--', 'install', '--config.ignore.pnpmfile=true'],
    ['pnpm', 'dlx', '-config.ignore-pnpmfile=true', SUBJECT],
    ['pnpx', '--package', SUBJECT, '--config.IGNORE-PNPMFILE=true', SUBJECT],
  ] as const)('the user cannot switch it off by the way: %s %s %s', async (tool, ...args) => {
    const result = await wrapped(bench, args, { tool });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('would take the guard out of pnpm');
    expect(bench.registry.log).toEqual([]);
  });

  test('what is behind the program is its own, whatever it looks like', async () => {
    publish(bench, cleanTarball());
    const args = ['dlx', SUBJECT, '--ignore-pnpmfile'];
    expect(await wrapped(bench, args)).toMatchObject({ code: 0, stdout: 'ran\n' });
  });
});

describe('a pnpm that is not guarded', () => {
  const bench = freshEach(() => makeWrapped('pnpm-10'), closeBench);

  /** Puts a script in pnpm's place. */
  async function withPnpm(...lines: string[]): Promise<Awaited<ReturnType<typeof execute>>> {
    const folder = join(bench.sandbox.root, 'elsewhere');
    mkdirSync(folder);
    writeFileSync(join(folder, 'pnpm'), ['#!/bin/sh', ...lines, ''].join('\n'));
    chmodSync(join(folder, 'pnpm'), 0o755);
    const { PATH } = envFor('pnpm-10', bench);
    return execute(process.execPath, [TARWARDEN, 'pnpm', 'install'], {
      cwd: bench.sandbox.project,
      env: { ...bench.sandbox.env, PATH: `${folder}:${PATH ?? ''}` },
    });
  }

  test.each(['9.15.9', '12.15.3', '13.0.0', 'nonsense'])(
    'is not run: version %s',
    async (version) => {
      const result = await withPnpm(
        `[ "$1" = --version ] && { echo ${version}; exit; }`,
        'echo installed',
      );
      expect(result).toMatchObject({ code: 97, stdout: '' });
      expect(result.stderr).toContain('cannot be guarded');
    },
  );

  test('is reported when it never loads the hook, and forges the status', async () => {
    const result = await withPnpm(
      '[ "$1" = --version ] && { echo 11.0.0; exit; }',
      `echo '{"event":"armed","nonce":"guessed","pnpm":"11"}' >> "$TARWARDEN_PNPM_STATUS"`,
    );
    expect(result).toMatchObject({ code: 98 });
    expect(result.stderr).toContain('UNCHECKED');
    expect(existsSync(join(bench.sandbox.project, 'node_modules'))).toBe(false);
  });

  test('is reported when it is missing', async () => {
    const result = await execute(process.execPath, [TARWARDEN, 'pnpm', 'install'], {
      cwd: bench.sandbox.project,
      env: { ...bench.sandbox.env, PATH: bench.sandbox.bin },
    });
    expect(result).toMatchObject({ code: 127 });
    expect(result.stderr).toContain('there is no pnpm on the PATH');
  });
});
