/** Git repositories: hostile and clean, with each pnpm, whatever is known before. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeGitRepo, type GitRepo } from '../../support/git.ts';
import { available, newestPnpms } from '../../support/managers.ts';
import {
  declare,
  forget,
  FRESH,
  FROZEN,
  pnpm,
  SUBJECT,
  surroundings,
  unguarded,
  useBench,
  type Bench,
} from './guarded.ts';

interface Road {
  readonly id: string;
  readonly gone?: Parameters<typeof forget>[1][];
  readonly args: readonly string[];
}

/** Each but the first after an install without the guard. */
const roads: readonly Road[] = [
  { id: 'fresh', args: FRESH },
  { id: 'frozen lockfile, cold store', gone: ['modules', 'store'], args: FROZEN },
  { id: 'frozen lockfile, warm store', gone: ['modules'], args: FROZEN },
  { id: 'no lockfile, warm store', gone: ['modules', 'lockfile'], args: FRESH },
];

function repository(bench: Bench, hostile: boolean): GitRepo {
  return makeGitRepo(
    join(bench.sandbox.root, 'repository'),
    { 'package.json': { name: SUBJECT, version: '1.0.0' }, 'index.js': 'module.exports = 1\n' },
    hostile ? { symlinks: { link: '../../../sentinel' } } : {},
  );
}

describe.each(newestPnpms.filter((name) => available(name).ok))('%s', (name) => {
  const bench = useBench(name);

  async function prepare(road: Road, repo: GitRepo, kind: string): Promise<void> {
    declare(bench, { [kind]: { [SUBJECT]: `git+${repo.url}#main` } });
    if (road.gone === undefined) return;
    await unguarded(bench, FRESH);
    forget(bench, ...road.gone);
  }

  describe.each(roads)('$id', (road) => {
    test.each(['dependencies', 'optionalDependencies'])('refuses a link among %s', async (kind) => {
      const repo = repository(bench, true);
      await prepare(road, repo, kind);
      const before = surroundings(bench);
      const result = await pnpm(bench, road.args);
      expect(result).toMatchObject({ code: 1, timedOut: false });
      expect(result.stderr).toContain('tarwarden: refused ');
      expect(result.stderr).toContain('symlink');
      expect(surroundings(bench)).toEqual(before);
    });

    test('takes a clean repository', async () => {
      await prepare(road, repository(bench, false), 'dependencies');
      const result = await pnpm(bench, road.args);
      expect(result).toMatchObject({ code: 0, timedOut: false });
      expect(existsSync(join(bench.sandbox.project, 'node_modules', SUBJECT, 'index.js'))).toBe(
        true,
      );
    });
  });

  test('fails closed when the repository is gone and was never inspected', async () => {
    const repo = repository(bench, false);
    declare(bench, { dependencies: { [SUBJECT]: `git+${repo.url}#main` } });
    await unguarded(bench, FRESH);
    forget(bench, 'modules');
    rmSync(repo.dir, { recursive: true });
    const result = await pnpm(bench, FROZEN);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain('not inspected, so not installed');
  });
});
