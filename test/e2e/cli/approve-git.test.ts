/** What `tarwarden allow` does with the git dependencies that a policy accepts. */
import { join } from 'node:path';
import { gitDependencyHash, type GitDependency } from '@tarwarden/core/policy';
import { beforeEach, describe, expect, it } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { makePlace, type Place } from './sandbox.ts';

const place = freshEach(() => makePlace());
const allow = async (...args: string[]): ReturnType<Place['run']> => place.run(['allow', ...args]);
const file = (): string => join(place.own, 'config/tarwarden/approvals.json');

describe('git dependencies of the policy', () => {
  const dependency: GitDependency = {
    package: 'helper',
    resolved: `git+https://example.com/helper.git#${'c'.repeat(40)}`,
    reason: 'the commit is known',
    expires: '2999-01-01',
  };
  const old: GitDependency = { ...dependency, package: 'old', expires: '2020-01-01' };
  const hash = gitDependencyHash(dependency);
  beforeEach(() => {
    place.put('tarwarden.json', JSON.stringify({ gitDependencies: [old, dependency] }));
  });
  const listed = async (): Promise<string> => (await allow('--list')).stdout;

  it('are listed, approved by a question or by their hash, and taken back', async () => {
    expect(await listed()).toContain(
      `helper  git dependency ${dependency.resolved}  NOT APPROVED, until 2999-01-01`,
    );
    expect(await listed()).toContain('EXPIRED on 2020-01-01');
    for (const args of [['--yes'], [hash]]) {
      const approved = await allow('--approve', ...args);
      expect(approved).toMatchObject({ code: 0 });
      expect(approved.stdout).toContain('the commit is known');
      expect(approved.stdout).not.toContain('2020-01-01');
      expect(await listed()).toContain(`${dependency.resolved}  until 2999-01-01`);
      expect(await allow('--remove', hash)).toMatchObject({ code: 0 });
      expect(await listed()).toContain('NOT APPROVED');
    }
    const document = JSON.parse((await allow('--list', '--json')).stdout) as object;
    expect(document).toMatchObject({
      gitDependencies: [
        { status: 'expired', gitDependency: old },
        { status: 'proposed', hash, gitDependency: dependency },
      ],
    });
  });

  it('count for nothing if an approval names another than its hash', async () => {
    const approvals = [{ kind: 'user', hash, gitDependency: { ...dependency, package: 'other' } }];
    place.put(file(), JSON.stringify({ version: 1, approvals }));
    expect((await allow('--list')).stderr).toContain(
      'is not what `tarwarden allow --approve` writes',
    );
  });
});
