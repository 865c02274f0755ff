/** Only the project, its workspaces and the folders that these name may depend on a folder or file of the machine. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { makeGitRepo } from '../../support/git.ts';
import { available } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import {
  closeBench,
  guarded,
  makeBench,
  PROJECT,
  SUBJECT,
  unguarded,
  type Bench,
} from './guarded.ts';

const DEPENDENCY = 'tarwarden-below';

const ranges: Readonly<Record<string, (bench: Bench) => string>> = {
  'an absolute file:': ({ sandbox }) => `file:${sandbox.home}/mine`,
  'an absolute path': ({ sandbox }) => `${sandbox.home}/mine`,
  'a link:': ({ sandbox }) => `link:${sandbox.home}/mine`,
  'a link: upwards': () => 'link:../home/mine',
  'a path upwards': () => '../home/mine',
  'an archive': ({ sandbox }) => `file:${sandbox.home}/mine.tgz`,
  'a git repository': ({ sandbox }) => `git+file://${sandbox.home}/repository`,
};

const bench = freshEach(() => makeBench(), closeBench);
beforeEach(() => {
  const { sandbox, marks } = bench;
  const mine = {
    name: DEPENDENCY,
    version: '1.0.0',
    scripts: { postinstall: `touch ${join(marks, 'mine')}` },
  };
  sandbox.write({ 'mine/package.json': mine, 'mine/key': 'private' }, sandbox.home);
  writeFileSync(join(sandbox.home, 'mine.tgz'), tgz({ name: DEPENDENCY, manifest: mine }));
  makeGitRepo(join(sandbox.home, 'repository'), { 'package.json': mine });
  dependOn({ [SUBJECT]: '1.0.0' });
});

function dependOn(dependencies: object, more: object = {}): void {
  bench.sandbox.write({ 'package.json': { ...PROJECT, dependencies, ...more } });
}

function publish(range: string, kind = 'dependencies'): void {
  bench.registry.publish({ name: SUBJECT, manifest: { [kind]: { [DEPENDENCY]: range } } });
}

async function expectRefused(args: readonly string[] = ['install']): Promise<void> {
  const { code, stderr } = await guarded(bench, args);
  expect(stderr).toContain('a folder or file of this machine');
  expect(stderr).toContain(SUBJECT);
  expect(code).toBe(1);
  expect(existsSync(join(bench.sandbox.project, 'node_modules', DEPENDENCY))).toBe(false);
  expect(existsSync(join(bench.marks, 'mine'))).toBe(false);
}

describe.skipIf(!available('yarn-1').ok)('Yarn 1', () => {
  test.each(Object.keys(ranges))('refuses a published package that depends on %s', async (id) => {
    publish(ranges[id]!(bench));
    await expectRefused();
  });

  test('refuses it as an optional dependency, and of a workspace', async () => {
    publish(`file:${bench.sandbox.home}/mine`, 'optionalDependencies');
    dependOn({}, { workspaces: ['packages/*'] });
    const dependencies = { [SUBJECT]: '1.0.0' };
    bench.sandbox.write({
      'packages/a/package.json': { name: 'a', version: '1.0.0', dependencies },
    });
    await expectRefused();
  });

  test('refuses it where the lockfile was written unguarded', async () => {
    publish(`file:${bench.sandbox.home}/mine`);
    const alone = await unguarded(bench, ['install', '--ignore-scripts']);
    expect(alone).toMatchObject({ code: 0 });
    expect(existsSync(join(bench.sandbox.project, 'node_modules', DEPENDENCY, 'key'))).toBe(true);
    bench.sandbox.write({ 'node_modules/.yarn-integrity': '' });
    const { code, stderr } = await guarded(bench, ['install', '--frozen-lockfile']);
    expect(stderr).toContain('a folder or file of this machine');
    expect(code).toBe(1);
  });

  test('installs folders that the project, its workspaces and these name', async () => {
    const { sandbox } = bench;
    const manifest = (name: string, dependencies: object): object => ({
      name,
      version: '1.0.0',
      dependencies,
    });
    sandbox.write(
      {
        'mine/package.json': manifest(DEPENDENCY, { second: `file:${sandbox.home}/second` }),
        'second/package.json': manifest('second', {}),
      },
      sandbox.home,
    );
    sandbox.write({
      'packages/a/package.json': manifest('a', { [DEPENDENCY]: `file:${sandbox.home}/mine` }),
      'packages/b/package.json': manifest('b', {
        a: '1.0.0',
        third: `link:${sandbox.home}/second`,
      }),
    });
    dependOn({ second: '../home/second' }, { workspaces: ['packages/*'] });
    const { project } = sandbox;
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(existsSync(join(project, 'node_modules', DEPENDENCY, 'key'))).toBe(true);
    expect(await guarded(bench, ['install', '--frozen-lockfile', '--force'])).toMatchObject({
      code: 0,
    });
  });

  test('installs what the project puts in the place of a dependency', async () => {
    publish('^1.0.0');
    const resolutions = { [DEPENDENCY]: `file:${bench.sandbox.home}/mine` };
    dependOn({ [SUBJECT]: '1.0.0' }, { resolutions });
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(existsSync(join(bench.sandbox.project, 'node_modules', DEPENDENCY, 'key'))).toBe(true);
  });

  test('takes options before the command', async () => {
    publish('^1.0.0');
    bench.registry.publish({ name: DEPENDENCY });
    const install = ['--no-progress', '--network-timeout', '60000', 'install'];
    expect(await guarded(bench, install)).toMatchObject({ code: 0 });
    expect(existsSync(join(bench.sandbox.project, 'node_modules', DEPENDENCY))).toBe(true);
  });
});
