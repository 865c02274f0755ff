/** Links in the project: go writes nothing outside through one of the repository. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { closeGoBench, guarded, makeLockedBench } from '../../support/go/bench.ts';

describe('a link in the project', { tags: ['go'] }, () => {
  const bench = freshEach(() => makeLockedBench(), closeGoBench);

  test.each(['go.sum', 'go.mod', 'vendor'])(
    'that git tracks, at %s, leads go nowhere outside, and one of the user is followed',
    async (name) => {
      const { project, root, env } = bench.sandbox;
      const elsewhere = join(root, 'elsewhere');
      const text = name === 'vendor' ? '' : readFileSync(join(project, name), 'utf8');
      if (name === 'vendor') mkdirSync(elsewhere);
      else writeFileSync(elsewhere, text);
      rmSync(join(project, name), { force: true, recursive: true });
      symlinkSync('../elsewhere', join(project, name));
      const git = (...args: string[]): Buffer => execFileSync('git', args, { cwd: project, env });
      git('init', '--quiet');
      git('add', 'main.go', name);
      const refused = await guarded(bench, ['mod', name === 'vendor' ? 'vendor' : 'tidy']);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(
        `go was not run: "${name}" is a link that leads out of the project`,
      );
      if (name === 'vendor') return expect(readdirSync(elsewhere)).toEqual([]);
      expect(readFileSync(elsewhere, 'utf8')).toBe(text);
      git('rm', '--cached', '--quiet', name);
      expect(await guarded(bench, ['mod', 'download'])).toMatchObject({ code: 0 });
    },
  );
});
