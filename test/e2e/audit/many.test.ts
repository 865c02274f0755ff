/** What a report says once, and where a lockfile is looked for. */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { audit, audited } from './audited.ts';

const integrity = `sha512-${createHash('sha512').update('x').digest('base64')}`;

const sandbox = freshEach(() => makeSandbox({ project: {} }));

const lockfile = (count: number): object => ({
  lockfileVersion: 3,
  packages: Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      `node_modules/p${n}`,
      { version: '1.0.0', integrity },
    ]),
  ),
});

describe('what was not inspected for one reason', () => {
  it('is said once, with the first names, in text, and in full in JSON', async () => {
    sandbox.write({ 'package-lock.json': lockfile(764) });
    const { stdout, code } = await audit(sandbox, '--offline');
    expect(stdout).toBe(
      'NOT INSPECTED 764 packages: not in any cache, and --offline was given\n  p0@1.0.0, p1@1.0.0, p2@1.0.0, p3@1.0.0, p4@1.0.0 and 759 more (--all lists them)\n  what to do: run this again without --offline\n\n764 packages: 0 accepted, 0 rejected, 764 not inspected\nexit 2 because 764 packages were not inspected\n',
    );
    expect(code).toBe(2);
    expect((await audited(sandbox, '--offline')).packages).toHaveLength(764);
  });

  it('is said for each reason, after what is rejected', async () => {
    sandbox.write({
      'package-lock.json': {
        lockfileVersion: 3,
        packages: {
          'node_modules/a': { version: '1.0.0', integrity },
          'node_modules/b': { version: '1.0.0' },
          'node_modules/c': { version: '1.0.0', integrity },
          'node_modules/d': {
            version: '1.0.0',
            resolved: 'https://h.test/d/-/d-1.0.0.tgz',
            integrity,
          },
        },
      },
    });
    const { stdout } = await audit(sandbox, '--offline');
    const heads = stdout.split('\n').filter((line) => /^[A-Z]/.test(line));
    expect(heads).toEqual([
      'REJECTED d@1.0.0',
      'NOT INSPECTED 2 packages: not in any cache, and --offline was given',
      'NOT INSPECTED b@1.0.0',
    ]);
  });
});

describe('a folder without a lockfile', () => {
  it.each([
    ['package.json', { 'package.json': { workspaces: ['packages/*'] } }],
    ['pnpm-workspace.yaml', { 'pnpm-workspace.yaml': 'packages: [packages/*]\n' }],
    ['.git', { '.git/HEAD': 'ref: refs/heads/main\n' }],
  ])('has that of its project audited, whose root has %s', async (_, files) => {
    sandbox.write({ ...files, 'package-lock.json': lockfile(1), 'packages/a/package.json': {} });
    const member = join(sandbox.project, 'packages/a');
    const { packages, stderr } = await audited(sandbox, member, '--offline');
    expect(packages).toMatchObject([{ package: { name: 'p0' } }]);
    expect(stderr).toContain('so those of its project in');
  });

  it('of its own client has that of its workspace audited besides its own', async () => {
    sandbox.write({
      'package.json': { workspaces: ['a'] },
      'package-lock.json': lockfile(1),
      'Gemfile.lock': 'GEM\n  remote: https://h.test/\n  specs:\n    g (1.0)\n',
      'a/package.json': {},
      'a/go.sum': 'h.test/m v1.0.0 h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n',
    });
    const { packages } = await audited(sandbox, join(sandbox.project, 'a'), '--offline');
    expect(packages.map((found) => found.package?.name)).toEqual(['h.test/m', 'p0']);
  });

  it('that is no part of a project has none', async () => {
    sandbox.write({ 'package-lock.json': lockfile(1) });
    mkdirSync(join(sandbox.project, 'other'));
    const { packages, stderr, code } = await audited(
      sandbox,
      join(sandbox.project, 'other'),
      '--offline',
    );
    expect(packages).toEqual([]);
    expect(stderr).toContain('no lockfile was found in');
    expect(code).toBe(2);
  });
});
