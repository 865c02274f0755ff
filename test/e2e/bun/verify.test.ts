/** `verify` and `shims` know bun. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available, envFor, repository } from '../../support/managers.ts';
import { attack } from '../../support/attacks.ts';
import { removeAll } from './roads.ts';
import {
  cleanTarball,
  closeBench,
  hasLanded,
  makeBench,
  MANIFEST,
  packageJson,
  publish,
  SUBJECT,
} from './guarded.ts';

const CLI = join(repository, 'packages/cli/bin/tarwarden.js');

describe.skipIf(!available('bun').ok)('bun, as typed,', () => {
  const bench = freshEach(() => makeBench(), closeBench);
  let env: NodeJS.ProcessEnv;
  beforeEach(() => {
    env = envFor('bun', { sandbox: bench.sandbox });
  });

  const tarwarden = (...args: string[]): Promise<Result> =>
    execute(process.execPath, [CLI, ...args], { cwd: bench.sandbox.project, env });

  test('is unguarded without a shim', async () => {
    const { code, stdout } = await tarwarden('verify', '--manager', 'bun', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      results: [
        {
          manager: 'bun',
          status: 'unguarded',
          reason: 'installed',
          remedy: expect.stringContaining('tarwarden shims DIR --manager bun'),
        },
      ],
    });
    expect(code).toBe(1);
    expect(bench.registry.log).toEqual([]);
  });

  test('is guarded behind one, tried without being named, and what it is asked for refused', async () => {
    const folder = join(bench.sandbox.root, 'shims');
    const written = await tarwarden('shims', folder, '--manager', 'bun', '--manager', 'bunx');
    expect(written.code).toBe(0);
    env = { ...env, PATH: [folder, env['PATH']].join(delimiter) };
    const { code, stdout } = await tarwarden('verify', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      results: [{ manager: 'bun', status: 'guarded', reason: 'refused' }],
    });
    expect(code).toBe(0);
    expect(bench.registry.log).toEqual([]);

    publish(bench, attack('symlink').build({ name: SUBJECT, manifest: MANIFEST }));
    bench.sandbox.write(packageJson({ dependencies: { [SUBJECT]: '1.0.0' } }));
    for (const command of ['bun install', `bunx ${SUBJECT}`]) {
      // oxlint-disable-next-line no-await-in-loop
      const typed = await execute('/bin/sh', ['-c', command], { cwd: bench.sandbox.project, env });
      expect(typed.code).toBe(1);
      expect(typed.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    }
    expect(hasLanded(bench)).toBe(false);
  });

  test('is guarded inside itself: a shim in a script', async () => {
    const folder = join(bench.sandbox.root, 'shims');
    await tarwarden('shims', folder, '--manager', 'bun');
    env = { ...env, PATH: [folder, env['PATH']].join(delimiter), BUN_OPTIONS: '--smol' };
    const mark = join(bench.sandbox.root, 'mark');
    bench.sandbox.write({
      ...packageJson({ scripts: { go: 'cd inner && bun install', postinstall: 'bun run go' } }),
      'inner/package.json': { name: 'inner', dependencies: { [SUBJECT]: '1.0.0' } },
      'inner/bunfig.toml': 'preload = ["./x.cjs"]\n[install]\nexact = true\n',
      'inner/x.cjs': `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`,
    });
    const there = join(bench.sandbox.project, 'inner/node_modules', SUBJECT);
    publish(bench, attack('symlink').build({ name: SUBJECT, manifest: MANIFEST }));
    for (const args of [['run', 'go'], ['install']]) {
      // oxlint-disable-next-line no-await-in-loop
      const refused = await execute(join(folder, 'bun'), args, { cwd: bench.sandbox.project, env });
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
      expect(existsSync(there)).toBe(false);
    }
    publish(bench, cleanTarball());
    removeAll(bench);
    const taken = await execute(join(folder, 'bun'), ['install'], {
      cwd: bench.sandbox.project,
      env,
    });
    expect(taken).toMatchObject({ code: 0 });
    expect(existsSync(there)).toBe(true);
    expect(existsSync(mark)).toBe(false);
  });

  test('has its commands for CI printed by init', async () => {
    bench.sandbox.write({ ...packageJson({}), 'bun.lock': '{}' });
    const { stdout } = await tarwarden('init', '--dry-run');
    expect(stdout).toMatch(/^ +tarwarden setup --manager bun$/m);
    expect(stdout).toMatch(/^ +tarwarden verify --manager bun$/m);
  });
});
