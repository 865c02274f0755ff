/** What the page about bun says under "Upgrade" and "Undo". */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available, envFor, managerFolder, repository } from '../../support/managers.ts';
import { tree } from '../../support/tree.ts';
import {
  bare,
  cleanTarball,
  closeBench,
  forget,
  hasLanded,
  hostile,
  installed,
  makeBench,
  publish,
  writeProject,
} from './guarded.ts';

const CLI = join(repository, 'packages/cli/bin/tarwarden.js');

describe.skipIf(!available('bun').ok)('bun', () => {
  const bench = freshEach(() => makeBench(), closeBench);
  let env: NodeJS.ProcessEnv;
  beforeEach(() => {
    env = envFor('bun', { sandbox: bench.sandbox });
    writeProject(bench);
  });

  const at = (file: string): string => join(bench.sandbox.project, file);
  const shims = (): string => join(bench.sandbox.root, 'shims');
  const writeShims = (): Promise<Result> =>
    execute(process.execPath, [CLI, 'shims', shims(), '--manager', 'bun', '--manager', 'bunx'], {
      cwd: bench.sandbox.root,
      env,
    });
  /** What a shell runs of `bun install`. */
  const typed = async (path: string | undefined): Promise<Result> =>
    execute('/bin/sh', ['-c', 'bun install'], {
      cwd: bench.sandbox.project,
      env: { ...env, PATH: path },
    });
  const behindShims = (): string => [shims(), env['PATH']].join(delimiter);

  test('upgrade: shims are written over those that are there', async () => {
    expect(await writeShims()).toMatchObject({ code: 0 });
    expect(await writeShims()).toMatchObject({ code: 0 });
    publish(bench, hostile);
    expect(await typed(behindShims())).toMatchObject({ code: 1 });
    expect(hasLanded(bench)).toBe(false);
  });

  test('upgrade: a bun that names the folders of its cache otherwise is seen', async () => {
    publish(bench, cleanTarball());
    const real = join(managerFolder('bun'), 'bin/bun.exe');
    const folder = join(bench.sandbox.root, 'newer');
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'bun'),
      `#!/bin/sh\nBUN_INSTALL_CACHE_DIR="$BUN_INSTALL_CACHE_DIR/v2" exec '${real}' "$@"\n`,
    );
    chmodSync(join(folder, 'bun'), 0o755);
    env = { ...env, PATH: [folder, env['PATH']].join(delimiter) };
    const result = await execute(process.execPath, [CLI, 'bun', 'install'], {
      cwd: bench.sandbox.project,
      env,
    });
    expect(result.code).toBe(98);
    expect(result.stderr).toContain('bun unpacked 1 package by itself');
  });

  test('undo: bun by itself goes on with what guarded runs left', async () => {
    publish(bench, cleanTarball());
    const { sandbox } = bench;
    expect(await bare(bench, ['install'])).toMatchObject({ code: 0 });
    const [lock, contents] = [readFileSync(at('bun.lock'), 'utf8'), tree(installed(bench))];
    rmSync(at('bun.lock'));
    forget(bench);
    // What is of tarwarden alone, its cache, its key and the shims, and what bun keeps of any code that it has run.
    const ignore = (path: string): boolean =>
      /^(?:project|xdg\/cache\/(?:tarwarden|bun)|xdg\/state\/tarwarden|shims)(?:\/|$)/.test(path);
    const before = tree(sandbox.root, { ignore });
    expect(await writeShims()).toMatchObject({ code: 0 });
    expect(await typed(behindShims())).toMatchObject({ code: 0 });
    expect(tree(sandbox.root, { ignore })).toEqual(before);
    expect(existsSync(join(sandbox.root, 'xdg/cache/tarwarden/bun/trees'))).toBe(true);
    expect(readFileSync(at('bun.lock'), 'utf8')).toBe(lock);
    expect(tree(installed(bench))).toEqual(contents);

    rmSync(shims(), { recursive: true });
    rmSync(join(sandbox.root, 'xdg/cache/tarwarden/bun'), { recursive: true });
    expect(tree(installed(bench))).toEqual(contents);
    expect(await typed(env['PATH'])).toMatchObject({ code: 0 });
    forget(bench);
    expect(await bare(bench, ['ci'])).toMatchObject({ code: 0 });
    expect(readFileSync(at('bun.lock'), 'utf8')).toBe(lock);
    expect(tree(installed(bench))).toEqual(contents);
  });
});
