/** Links in a project through which Yarn would write to where a repository says. */
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { tgz } from '../../support/pkg.ts';
import { tree } from '../../support/sandbox.ts';
import { guarded, must, PROJECT, unguarded, useBench } from './guarded.ts';

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
});
