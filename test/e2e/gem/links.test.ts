// @module-tag ruby
/** Links of a repository through which Bundler and gem would write outside of the project. */
import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { system } from '../../support/gem/rubies.ts';
import { world } from './scene.ts';

it.each([
  ['bundle', ['lock'], 'Gemfile.lock'],
  ['bundle', ['config', 'set', '--local', 'jobs', '2'], '.bundle'],
  ['gem', ['install', '-g'], 'Gemfile.lock'],
] as const)(
  '%s %j is not run if git tracks a link out of the project at %s',
  async (tool, args, name) => {
    const own = world(system);
    const { project, root, env } = own.sandbox;
    const elsewhere = join(root, 'elsewhere');
    writeFileSync(elsewhere, 'mine');
    writeFileSync(join(project, 'Gemfile'), '');
    symlinkSync('../elsewhere', join(project, name));
    const git = (...words: string[]): Buffer => execFileSync('git', words, { cwd: project, env });
    git('init', '--quiet');
    git('add', 'Gemfile', name);
    const result = await own.guarded(tool, ...args);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain(
      `${tool} was not run: "${name}" is a link that leads out of the project`,
    );
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine');
  },
);
