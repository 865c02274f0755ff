/** Links below the first folder of packages, through which Yarn would write to where a repository says. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { tgz } from '../../support/pkg.ts';
import { tree } from '../../support/sandbox.ts';
import { cleanTarball, guarded, must, PROJECT, SUBJECT, unguarded, useBench } from './guarded.ts';

const bench = useBench();
let outside: string;
beforeEach(() => {
  outside = join(bench.sandbox.root, 'outside');
  mkdirSync(outside);
});

const inProject = (path: string): string => join(bench.sandbox.project, path);

function publish(name: string, version: string, manifest: Readonly<Record<string, unknown>>): void {
  const files = { 'index.js': '#!/usr/bin/env node\n' };
  const bytes = tgz({ name, version, manifest, files });
  bench.registry.publish({ name, version, tgz: bytes, manifest });
}

function link(path: string, target = outside): void {
  mkdirSync(dirname(inProject(path)), { recursive: true });
  symlinkSync(relative(dirname(inProject(path)), target), inProject(path));
}

/** What Yarn alone writes through a link, and that with the guard it writes nothing. */
async function expectStopped(path: string): Promise<void> {
  link(path);
  const args = ['install', '--no-lockfile'];
  const before = tree(inProject('.'));
  const result = await guarded(bench, args);
  expect(tree(inProject('.'))).toEqual(before);
  expect(result).toMatchObject({ code: 1 });
  expect(result.stderr).toContain(`"${path}" is a link that leads out of the project`);
  expect(readdirSync(outside)).toEqual([]);
  await must(unguarded(bench, args));
  expect(readdirSync(outside)).not.toEqual([]);
}

describe('a project with two versions of a package, one of them nested', () => {
  beforeEach(() => {
    const bin = { left: './index.js' };
    const nested = { left: '1.0.0', '@s/left': '1.0.0' };
    for (const version of ['1.0.0', '2.0.0']) {
      publish('left', version, { bin });
      publish('@s/left', version, {});
    }
    for (const name of ['needs', '@s/needs']) publish(name, '1.0.0', { dependencies: nested });
    const dependencies = { left: '2.0.0', '@s/left': '2.0.0', needs: '1.0.0', '@s/needs': '1.0.0' };
    bench.sandbox.write({ 'package.json': { ...PROJECT, dependencies } });
  });

  test.each([
    'node_modules/needs/node_modules',
    'node_modules/@s/needs/node_modules',
    'node_modules/needs/node_modules/@s',
  ])('does not lead Yarn out by a link at %s', expectStopped);

  // Where it has packages below it, Yarn may write these through the link first.
  test.each(['node_modules/left', 'node_modules/needs/node_modules/left'])(
    'has a link at %s replaced',
    async (path) => {
      link(path);
      await must(guarded(bench, ['install']));
      expect(readdirSync(outside)).toEqual([]);
    },
  );

  test.each(['node_modules/needs', 'node_modules/@s/needs'])(
    'is not installed where the repository has a link at %s',
    async (path) => {
      const git = (...args: string[]): void =>
        void execFileSync('git', ['-C', bench.sandbox.project, ...args]);
      link(path);
      git('init', '-q');
      git('add', '-f', 'package.json', path);
      const result = await guarded(bench, ['install']);
      expect(result).toMatchObject({ code: 1 });
      expect(result.stderr).toContain(`"${path}" is a link that leads out of the project`);
      expect(readdirSync(outside)).toEqual([]);
    },
  );

  test('is installed again, through a link that stays in the project', async () => {
    await must(guarded(bench, ['install']));
    rmSync(inProject('node_modules/.yarn-integrity'));
    rmSync(inProject('node_modules/needs/node_modules'), { recursive: true });
    mkdirSync(inProject('elsewhere'));
    link('node_modules/needs/node_modules', inProject('elsewhere'));
    await must(guarded(bench, ['install']));
    expect(readdirSync(inProject('elsewhere'))).toContain('left');
  });
});

describe('before Yarn resolves anything', () => {
  test.each(['yarn.lock', 'node_modules'])(
    'a link at %s stops the install of nothing',
    async (path) => {
      const file = join(outside, 'own');
      writeFileSync(file, '');
      bench.sandbox.write({ 'package.json': { ...PROJECT, dependencies: {} } });
      link(path, path === 'yarn.lock' ? file : outside);
      const before = tree(outside);
      const result = await guarded(bench, ['install']);
      expect(result).toMatchObject({ code: 1 });
      expect(result.stderr).toContain(`"${path}" is a link that leads out of the project`);
      expect(tree(outside)).toEqual(before);
      await must(unguarded(bench, ['install']));
      expect(tree(outside)).not.toEqual(before);
    },
  );

  test('a link in the cache, where a tarball by URL is unpacked, stops the install', async () => {
    const url = bench.registry.file('subject.tgz', cleanTarball(bench));
    bench.sandbox.write({
      '.yarnrc': 'cache-folder "./cache"\n',
      'package.json': { ...PROJECT, dependencies: { [SUBJECT]: url } },
    });
    link('cache/v6/.tmp');
    const env = { YARN_CACHE_FOLDER: undefined };
    const result = await guarded(bench, ['install'], { env });
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain('"cache/v6/.tmp" is a link that leads out of the project');
    expect(readdirSync(outside)).toEqual([]);
    await must(unguarded(bench, ['install'], { env }));
    expect(readdirSync(outside)).not.toEqual([]);
  });

  test.each([
    ['yarn-offline-mirror "./m"', 'm'],
    ['yarn-offline-mirror "./m/deep"', 'm'],
    ['yarn-offline-mirror "n/m/deep"', 'n/m'],
    ['cache-folder "./c"', 'c'],
    ['cache-folder "./d/c/e"', 'd/c'],
    ['preferred-cache-folder "./c"', 'c/v6'],
  ])('a link at a folder that a setting names stops the install: %s', async (setting, at) => {
    bench.sandbox.write({ '.yarnrc': `${setting}\n` });
    link(at);
    const env = { YARN_CACHE_FOLDER: undefined };
    const result = await guarded(bench, ['install'], { env });
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain(`"${at}" is a link that leads out of the project`);
    // Yarn makes the folders that settings name before it does anything.
    expect(JSON.stringify(tree(outside))).not.toMatch(/tgz|neighbour/);
    await must(unguarded(bench, ['install'], { env }));
    expect(JSON.stringify(tree(outside))).toMatch(/tgz|neighbour/);
  });

  test('a link from there that stays in the project, or that git does not track, stops nothing', async () => {
    const env = { YARN_CACHE_FOLDER: undefined };
    bench.sandbox.write({ '.yarnrc': 'cache-folder "./c/d"\nyarn-offline-mirror "./m/e"\n' });
    mkdirSync(inProject('elsewhere'));
    link('m', inProject('elsewhere'));
    link('c', inProject('elsewhere'));
    await must(guarded(bench, ['install'], { env }));
    expect(readdirSync(inProject('elsewhere'))).toEqual(['d', 'e']);
    rmSync(inProject('c'));
    for (const args of [['init'], ['add', 'package.json']])
      execFileSync('git', args, { cwd: inProject('.') });
    link('c');
    await must(guarded(bench, ['install', '--force'], { env }));
    expect(readdirSync(outside)).toEqual(['d']);
  });

  test('a project that its .yarnrc calls the global folder is a project', async () => {
    bench.sandbox.write({ '.yarnrc': 'global-folder "."\n' });
    link('node_modules');
    const result = await guarded(bench, ['install']);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain('"node_modules" is a link that leads out of the project');
    expect(readdirSync(outside)).toEqual([]);
    rmSync(inProject('node_modules'));
    await must(guarded(bench, ['install']));
    expect(existsSync(inProject('node_modules/tarwarden-neighbour'))).toBe(true);
  });
});

describe('a project with Plug’n’Play', () => {
  beforeEach(() => {
    const scripts = { postinstall: 'echo' };
    for (const name of ['built', '@s/built']) publish(name, '1.0.0', { scripts });
    publish('peers', '1.0.0', { peerDependencies: { built: '*' } });
    publish('host', '1.0.0', { dependencies: { built: '1.0.0', peers: '1.0.0' } });
    const dependencies = { built: '1.0.0', '@s/built': '1.0.0', host: '1.0.0', peers: '1.0.0' };
    const installConfig = { pnp: true };
    bench.sandbox.write({ 'package.json': { ...PROJECT, dependencies, installConfig } });
  });

  test.each(['.pnp/unplugged', '.pnp/externals'])(
    'does not lead Yarn out by a link of Plug’n’Play at %s',
    expectStopped,
  );

  test('is installed again, with Yarn’s own links to its cache', async () => {
    await must(guarded(bench, ['install']));
    const links = tree(inProject('.pnp/externals'));
    expect(JSON.stringify(links)).toContain('pnp-');
    rmSync(inProject('.pnp.js'));
    await must(guarded(bench, ['install', '--force']));
    expect(tree(inProject('.pnp/externals'))).toEqual(links);
  });

  test.each(['', '/node_modules'])(
    'does not lead Yarn out by a link at an unplugged package%s',
    async (below) => {
      await must(unguarded(bench, ['install']));
      const folder = inProject('.pnp/unplugged');
      const [name = ''] = readdirSync(folder).filter((one) => one.startsWith('npm-built-'));
      for (const made of ['.pnp', '.pnp.js', 'node_modules'])
        rmSync(inProject(made), { recursive: true, force: true });
      await expectStopped(`.pnp/unplugged/${name}${below}`);
    },
  );
});
