/** `verify` and `shims` know go. */
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { useGoBench } from '../../support/go/bench.ts';
import { repository } from '../../support/managers.ts';

const CLI = join(repository, 'packages/cli/bin/tarwarden.js');

describe('go, as typed,', { tags: ['go'] }, () => {
  const bench = useGoBench();

  const tarwarden = (args: readonly string[], env = bench.env): Promise<Result> =>
    execute(process.execPath, [CLI, ...args], { cwd: bench.sandbox.project, env });

  test('is unguarded without a shim', async () => {
    const { code, stdout } = await tarwarden(['verify', '--manager', 'go', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      results: [{ manager: 'go', status: 'unguarded', reason: 'installed' }],
    });
  });

  test('is guarded behind one, and tried without being named', async () => {
    const folder = join(bench.sandbox.root, 'shims');
    expect((await tarwarden(['shims', folder, '--manager', 'go'])).code).toBe(0);
    const env = { ...bench.env, PATH: [folder, bench.env['PATH']].join(delimiter) };
    const { code, stdout } = await tarwarden(['verify', '--json'], env);
    expect(JSON.parse(stdout)).toMatchObject({
      results: [{ manager: 'go', status: 'guarded', reason: 'refused' }],
    });
    expect(code).toBe(0);
    expect(bench.proxy.asked).toEqual([]);
  });

  test('is not meant by shims that nobody named', async () => {
    const folder = join(bench.sandbox.root, 'shims');
    await tarwarden(['shims', folder]);
    const env = { ...bench.env, PATH: [folder, bench.env['PATH']].join(delimiter) };
    const { stdout } = await execute('sh', ['-c', 'command -v go'], {
      cwd: bench.sandbox.project,
      env,
    });
    expect(stdout).not.toContain(folder);
  });
});
