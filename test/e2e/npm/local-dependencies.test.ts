/**
 * Only the project, its workspaces and the folders that these name may depend on a folder or file of the machine. npm links to
 * such a folder or copies it, and npm 10 and 11 run its scripts.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeGitRepo } from '../../support/git.ts';
import { available, newestNpms, type Result } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { closeBench, guarded, makeBench, SUBJECT, unguarded, type Bench } from './guarded.ts';

const DEPENDENCY = 'tarwarden-below';
/** npm 12 lets only the project depend on folders and repositories unless it is told otherwise; users do tell it. */
const ALLOW = [
  '--allow-directory=all',
  '--allow-file=all',
  '--allow-git=all',
  '--allow-remote=all',
];

/** How a published package may name a folder of the user, which is at `home/mine`. */
const specifiers: Readonly<Record<string, (bench: Bench) => string>> = {
  'an absolute file:': ({ sandbox }) => `file:${sandbox.home}/mine`,
  'file:// and a path': ({ sandbox }) => `file://${sandbox.home}/mine`,
  'a path from the home folder': () => '~/mine',
  'an absolute path': ({ sandbox }) => `${sandbox.home}/mine`,
  'a path upwards': () => 'file:../../../home/mine',
  'a path upwards without a protocol': () => '../../../home/mine',
  'a path that goes up on the way': () => 'a/b/../../../../../home/mine',
  'an archive': ({ sandbox }) => `file:${sandbox.home}/mine.tgz`,
  'a git repository': ({ sandbox }) => `git+file://${sandbox.home}/repository`,
};

let bench: Bench;
afterEach(() => closeBench(bench));

const ready = newestNpms.filter((name) => available(name).ok);

async function prepare(npm: (typeof newestNpms)[number]): Promise<void> {
  bench = await makeBench(npm);
  const { sandbox, marks } = bench;
  const mine = {
    name: DEPENDENCY,
    version: '1.0.0',
    scripts: { postinstall: `touch ${join(marks, 'mine')}` },
  };
  sandbox.write({ 'mine/package.json': mine, 'mine/key': 'private' }, sandbox.home);
  writeFileSync(join(sandbox.home, 'mine.tgz'), tgz({ name: DEPENDENCY, manifest: mine }));
  makeGitRepo(join(sandbox.home, 'repository'), { 'package.json': mine });
  sandbox.write({ 'package.json': { name: 'project', version: '1.0.0' } });
}

function publish(specifier: string, kind = 'dependencies'): void {
  const manifest = { [kind]: { [DEPENDENCY]: specifier }, bin: './index.js' };
  bench.registry.publish({ name: SUBJECT, manifest });
}

function expectRefused({ code, stderr }: Result): void {
  expect(stderr.replaceAll(/\s+/g, ' ')).toContain('a folder or file of this machine');
  expect(code).not.toBe(0);
  const { project } = bench.sandbox;
  expect(existsSync(join(project, 'node_modules', SUBJECT))).toBe(false);
  expect(existsSync(join(project, 'node_modules', DEPENDENCY))).toBe(false);
  expect(existsSync(join(bench.marks, 'mine'))).toBe(false);
}

describe.each(ready)('%s refuses a published package that depends on', (npm) => {
  beforeEach(() => prepare(npm));

  test.each(Object.keys(specifiers))('%s', async (id) => {
    publish(specifiers[id]!(bench));
    expectRefused(await guarded(bench, ['install', ...ALLOW, SUBJECT]));
  });

  test.each(['optionalDependencies', 'peerDependencies'])('a folder in its %s', async (kind) => {
    publish(`file:${bench.sandbox.home}/mine`, kind);
    expectRefused(await guarded(bench, ['install', ...ALLOW, SUBJECT]));
  });

  test('a folder that npm would copy, since the user has it install links', async () => {
    publish(`file:${bench.sandbox.home}/mine`);
    expectRefused(await guarded(bench, ['install', ...ALLOW, '--install-links', SUBJECT]));
  });

  test('a folder that only the lockfile knows of', async () => {
    const { sandbox } = bench;
    publish('^1.0.0');
    bench.registry.publish({ name: DEPENDENCY });
    const install = ['install', '--package-lock-only', SUBJECT];
    expect(await unguarded(bench, install)).toMatchObject({ code: 0 });
    editLockfile((packages) => {
      delete packages[`node_modules/${DEPENDENCY}`];
      packages[`node_modules/${SUBJECT}/node_modules/${DEPENDENCY}`] = {
        resolved: '../home/mine',
        link: true,
      };
      packages['../home/mine'] = { name: DEPENDENCY, version: '1.0.0' };
    });
    const { code, stderr } = await guarded(bench, ['ci', ...ALLOW]);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(
      `the lockfile takes it from "${sandbox.home}/mine"`,
    );
    expect(code).not.toBe(0);
    expect(existsSync(join(sandbox.project, 'node_modules', SUBJECT))).toBe(false);
  });

  test.each([false, true])(
    'a folder beside it, of the lockfile alone; bundled: %j',
    async (bundled) => {
      const { sandbox } = bench;
      publish('^1.0.0');
      bench.registry.publish({ name: DEPENDENCY });
      const install = ['install', '--package-lock-only', SUBJECT];
      expect(await unguarded(bench, install)).toMatchObject({ code: 0 });
      const specifier = `file:${sandbox.home}/mine`;
      editLockfile((packages) => {
        packages[`node_modules/${DEPENDENCY}`] = { resolved: '../home/mine', link: true };
        packages['../home/mine'] = { name: DEPENDENCY, version: '1.0.0' };
        if (bundled)
          Object.assign(packages[`node_modules/${SUBJECT}`]!, {
            dependencies: { [DEPENDENCY]: specifier },
            bundleDependencies: [DEPENDENCY],
          });
      });
      const { code, stderr } = await guarded(bench, ['ci', ...ALLOW]);
      expect(stderr.replaceAll(/\s+/g, ' ')).toContain(
        `the lockfile takes it from "${sandbox.home}/mine"`,
      );
      expect(code).not.toBe(0);
      expect(existsSync(join(sandbox.project, 'node_modules', DEPENDENCY))).toBe(false);
      expect(existsSync(join(bench.marks, 'mine'))).toBe(false);
    },
  );

  test('a folder, where the lockfile was written unguarded', async () => {
    publish(`file:${bench.sandbox.home}/mine`);
    const install = ['install', ...ALLOW, '--package-lock-only', SUBJECT];
    expect(await unguarded(bench, install)).toMatchObject({ code: 0 });
    expectRefused(await guarded(bench, ['ci', ...ALLOW]));
  });

  test('a folder, installed globally or run by npx', async () => {
    publish(`file:${bench.sandbox.home}/mine`);
    for (const args of [
      ['install', '--global', ...ALLOW, SUBJECT],
      ['exec', '--yes', ...ALLOW, '--', SUBJECT],
    ])
      expectRefused(await guarded(bench, args));
  });

  test('a folder in the lockfile that it brings', async () => {
    const manifest = { dependencies: { [DEPENDENCY]: '*' }, _hasShrinkwrap: true };
    const lockfile = {
      name: SUBJECT,
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: SUBJECT, version: '1.0.0', dependencies: { [DEPENDENCY]: '*' } },
        [`node_modules/${DEPENDENCY}`]: {
          version: '1.0.0',
          resolved: `file:${bench.sandbox.home}/mine`,
        },
      },
    };
    bench.registry.publish({ name: DEPENDENCY });
    const files = { 'npm-shrinkwrap.json': JSON.stringify(lockfile) };
    const archive = tgz({ name: SUBJECT, manifest, files });
    bench.registry.publish({ name: SUBJECT, manifest, tgz: archive });
    const result = await guarded(bench, ['install', ...ALLOW, SUBJECT]);
    const { project } = bench.sandbox;
    const below = join(project, 'node_modules', SUBJECT, 'node_modules', DEPENDENCY);
    expect(existsSync(join(below, 'key'))).toBe(false);
    expect(existsSync(join(bench.marks, 'mine'))).toBe(false);
    expect(result.stderr).toContain('manifest-escapes');
    expect(result.code).not.toBe(0);
  });
});

function editLockfile(edit: (packages: Record<string, object>) => void): void {
  const path = join(bench.sandbox.project, 'package-lock.json');
  const lockfile = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, object> };
  edit(lockfile.packages);
  writeFileSync(path, JSON.stringify(lockfile));
}

describe.each(ready)('%s installs', (npm) => {
  beforeEach(() => prepare(npm));

  const installed = (name: string): string =>
    join(bench.sandbox.project, 'node_modules', name, 'package.json');

  test('folders that the project names, and those that they name', async () => {
    bench.sandbox.write(
      {
        'mine/package.json': {
          name: DEPENDENCY,
          version: '1.0.0',
          dependencies: { second: 'file:../second' },
        },
        'second/package.json': { name: 'second', version: '1.0.0' },
      },
      bench.sandbox.home,
    );
    for (const more of [[], ['--install-links'], ['--install-strategy=linked']]) {
      rmSync(join(bench.sandbox.project, 'node_modules'), { recursive: true, force: true });
      const folder = `file:${bench.sandbox.home}/mine`;
      // npm 10 by itself looks for the second in node_modules when it copies, or links from a store.
      if (npm === 'npm-10' && more.length > 0) continue;
      const result = await guarded(bench, ['install', ...ALLOW, ...more, folder]);
      expect({ more, ...result }).toMatchObject({ more, code: 0 });
      expect(existsSync(installed(DEPENDENCY))).toBe(true);
      // From what is there, and from the lockfile alone.
      expect(await guarded(bench, ['install', ...ALLOW, ...more])).toMatchObject({ code: 0 });
      expect(await guarded(bench, ['ci', ...ALLOW, ...more])).toMatchObject({ code: 0 });
    }
  });

  test('workspaces that name each other, and one beside the project', async () => {
    bench.sandbox.write({
      'package.json': {
        name: 'project',
        version: '1.0.0',
        workspaces: ['packages/*', '../beside'],
      },
      'packages/a/package.json': {
        name: 'a',
        version: '1.0.0',
        dependencies: { b: 'file:../b', [DEPENDENCY]: 'file:../../../home/mine' },
      },
      'packages/b/package.json': { name: 'b', version: '1.0.0', dependencies: { a: '^1.0.0' } },
      '../beside/package.json': { name: 'beside', version: '1.0.0', dependencies: { a: '*' } },
    });
    const result = await guarded(bench, ['install', ...ALLOW]);
    expect(result).toMatchObject({ code: 0 });
    expect(existsSync(installed('a'))).toBe(true);
    expect(await guarded(bench, ['ci', ...ALLOW])).toMatchObject({ code: 0 });
  });

  test('a folder that the project puts in the place of what a package depends on', async () => {
    publish('^1.0.0');
    const overrides = { [SUBJECT]: { [DEPENDENCY]: `file:${bench.sandbox.home}/mine` } };
    const dependencies = { [SUBJECT]: '1.0.0' };
    bench.sandbox.write({
      'package.json': { name: 'project', version: '1.0.0', dependencies, overrides },
    });
    expect(await guarded(bench, ['install', ...ALLOW])).toMatchObject({ code: 0 });
    expect(await guarded(bench, ['ci', ...ALLOW])).toMatchObject({ code: 0 });
  });

  test('what the user links, under a package that depends on it', async () => {
    publish('^1.0.0');
    bench.registry.publish({ name: DEPENDENCY });
    expect(await guarded(bench, ['install', SUBJECT])).toMatchObject({ code: 0 });
    const mine = join(bench.sandbox.home, 'mine');
    expect(await guarded(bench, ['link', ...ALLOW, mine])).toMatchObject({ code: 0 });
    bench.registry.publish({ name: 'another' });
    expect(await guarded(bench, ['install', 'another'])).toMatchObject({ code: 0 });
  });

  test('a package with a folder of its own', async () => {
    const manifest = { dependencies: { inner: 'file:./inner' } };
    const files = { 'inner/package.json': '{"name":"inner","version":"1.0.0"}' };
    bench.registry.publish({
      name: SUBJECT,
      manifest,
      tgz: tgz({ name: SUBJECT, manifest, files }),
    });
    expect(await guarded(bench, ['install', ...ALLOW, SUBJECT])).toMatchObject({ code: 0 });
    expect(existsSync(installed('inner'))).toBe(true);
    expect(await guarded(bench, ['install', ...ALLOW])).toMatchObject({ code: 0 });
  });
});
