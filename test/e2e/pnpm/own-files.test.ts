/** Files that pnpm overwrites, and that a repository brings along as links out of the project. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { available, pnpmsByHook } from '../../support/managers.ts';
import {
  cleanTarball,
  declare,
  FRESH,
  pnpm,
  printed,
  publish,
  SUBJECT,
  useBench,
} from './guarded.ts';

const KEEP = 'keep this';

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = useBench(name);
  let project: string;
  beforeEach(() => {
    ({ project } = bench.sandbox);
    publish(bench, cleanTarball());
    declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
  });

  const git = (...args: string[]): Buffer =>
    execFileSync('git', args, { cwd: project, env: bench.sandbox.env });
  const commit = (): void => {
    git('init', '--quiet');
    git('add', '--all', '--force');
    git('commit', '--quiet', '--message', 'all of it');
  };
  const settings = (text: string): void => bench.sandbox.write({ 'pnpm-workspace.yaml': text });

  // pnpm 10 and 12 write them alike: pnpm 10 has every other one, unless `TARWARDEN_E2E_FULL=1` asks for all.
  const isWhole = name === 'pnpm-12' || process.env['TARWARDEN_E2E_FULL'] === '1';
  const hasTurn = (_: unknown, at: number): boolean => isWhole || at % 2 === 0;

  const keep = (): string => join(bench.sandbox.home, 'keep');
  const link = (path: string): void => {
    writeFileSync(keep(), KEEP);
    mkdirSync(join(project, path, '..'), { recursive: true });
    symlinkSync(keep(), join(project, path));
  };
  const written: readonly [string, string, string, readonly string[]][] = [
    ['its lockfile', 'pnpm-lock.yaml', '', FRESH],
    ['the lockfile of a branch', 'pnpm-lock.topic.yaml', 'gitBranchLockfile: true\n', FRESH],
    ['.pnp.cjs', '.pnp.cjs', 'nodeLinker: pnp\n', FRESH],
    ['package.yaml', 'package.yaml', '', FRESH],
  ];
  test.each(written.filter(hasTurn))(
    'does not write through a committed link at %s',
    async (_, path, text, args) => {
      settings(text);
      link(path);
      commit();
      git('checkout', '--quiet', '-b', 'topic');
      const result = await pnpm(bench, args);
      expect(result.code).not.toBe(0);
      expect(printed(result)).toContain('is a link that leads out of the project');
      expect(readFileSync(keep(), 'utf8')).toBe(KEEP);
    },
  );
});
