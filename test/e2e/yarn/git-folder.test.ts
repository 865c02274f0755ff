/** Which folder of a git dependency Yarn 4 packs is said in its reference, by whoever depends on it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { EMPTY_YARN_LOCK } from '../../support/git.ts';
import { available } from '../../support/managers.ts';
import { tree } from '../../support/sandbox.ts';
import { expectInstalled, expectRefusal, makeWorld } from './world.ts';

const files = (name: string): Record<string, string | object> => ({
  'package.json': { name, version: '1.0.0' },
  'yarn.lock': EMPTY_YARN_LOCK,
});

const world = freshEach(() => makeWorld({ linker: 'node-modules' }));
let other: string;
beforeEach(() => {
  other = join(world.sandbox.root, 'other');
  mkdirSync(other);
  world.sandbox.write(files('other'), other);
});

/** A package of the registry that depends on a folder of a repository. */
function dependOn(cwd: string, key = 'cwd'): void {
  const inside = { 'inside/package.json': { name: 'project', version: '1.0.0' } };
  const { remote, commit } = world.sandbox.gitRepo('project', {
    ...files('project'),
    ...inside,
    'inside/yarn.lock': EMPTY_YARN_LOCK,
  });
  const dependencies = { project: `${remote}#commit=${commit}&${key}=${cwd}` };
  world.registry.publish({ name: 'fixture', manifest: { dependencies } });
  world.dependencies({ fixture: '1.0.0' });
}

describe.skipIf(!available('yarn-4').ok)('the folder of a git dependency', () => {
  test.each([
    ['by its whole path', (): string => other],
    ['by its whole path, encoded', (): string => encodeURIComponent(other)],
    ['by dots', (): string => 'inside/../../../other'],
  ])('is refused where it is another project, %s', async (_title, cwd) => {
    dependOn(cwd());
    const before = tree(other);
    expectRefusal(await world.run('install'), /a folder outside its repository/);
    expect(tree(other)).toEqual(before);
  });

  test('is refused where it is another project, and the name of the setting is encoded', async () => {
    dependOn(other, '%63wd');
    expectRefusal(await world.run('install'), /a folder outside its repository/);
  });

  test('is refused where a lockfile names another project behind a further #', async () => {
    dependOn('inside');
    expectInstalled(await world.run('install'));
    const lockfile = join(world.sandbox.project, 'yarn.lock');
    const up = `inside#/${'../'.repeat(32)}${other.slice(1)}`;
    const text = readFileSync(lockfile, 'utf8').replace('#cwd=inside&', `#cwd=${up}&`);
    expect(text).toContain(up);
    writeFileSync(lockfile, text.replaceAll(/^ {2}checksum: .*\n/gm, ''));
    const before = tree(other);
    expectRefusal(await world.run('install'), /a folder outside its repository/);
    expect(tree(other)).toEqual(before);
  });

  test('is packed where it lies in the repository', async () => {
    dependOn('inside');
    expectInstalled(await world.run('install'));
  });
});
