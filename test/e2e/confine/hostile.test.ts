/** What a hostile repository or package tries against the confinement itself, and where it refuses to begin. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findHelper } from '../../../packages/confine/src/helper.ts';
import { confineWorld, CLI, type ConfineWorld } from '../../support/confine/world.ts';
import { tgz } from '../../support/pkg.ts';
import { execute } from '../../support/execute.ts';
import { envFor, nodePath, repository } from '../../support/managers.ts';

const canConfine = !('problem' in findHelper());
const FILTERED = join(repository, 'test/support/confine/filtered.py');

describe.skipIf(!canConfine)('confined npm', () => {
  let world: ConfineWorld;
  const at = (...path: string[]): string => join(world.sandbox.project, ...path);
  const home = (...path: string[]): string => join(world.sandbox.home, ...path);
  beforeEach(async () => {
    world = await confineWorld('npm-11');
  });
  afterEach(() => world.dispose());

  const plain = (more: object = {}): void =>
    world.sandbox.write({ 'package.json': { name: 'project', version: '1.0.0', ...more } });
  const program = (path: string, text: string): void => {
    writeFileSync(at(path), `#!/bin/sh\n${text}\n`);
    chmodSync(at(path), 0o755);
  };

  test('runs no git of the repository, and nothing that a git dependency brings, while it fetches', async () => {
    const mark = at('ran');
    const { remote, commit } = world.sandbox.gitRepo('dependency', {
      'package.json': {
        name: 'dependency',
        version: '1.0.0',
        scripts: { prepare: `touch ${mark}-prepare` },
      },
    });
    program('evil-git', `touch ${mark}-git; exec git "$@"`);
    world.sandbox.write({
      '.npmrc': `git=${at('evil-git')}\nnode-options=--require=${at('evil.cjs')}\n`,
    });
    world.sandbox.write({ 'evil.cjs': `require('node:fs').writeFileSync('${mark}-node', '')\n` });
    plain({ dependencies: { dependency: `git+${remote}#${commit}` } });
    const result = await world.tarwarden(['npm', '--confine', 'install', '--ignore-scripts']);
    expect(result).toMatchObject({ code: 0 });
    expect(existsSync(at('node_modules/dependency/package.json'))).toBe(true);
    expect(readdirSync(world.sandbox.project).filter((name) => name.startsWith('ran'))).toEqual([]);
    // The witness: without confinement it is this git that runs, and Node loads the file.
    for (const name of ['node_modules', 'package-lock.json']) rmSync(at(name), { recursive: true });
    await world.bare([
      'install',
      '--ignore-scripts',
      '--force',
      '--cache',
      join(world.sandbox.root, 'other'),
    ]);
    for (const kind of ['git', 'node']) expect(existsSync(`${mark}-${kind}`)).toBe(true);
  });

  test('gives the network to nothing but the package that the user names', async () => {
    const policy = [{ package: 'named', reason: 'it asks a server', expires: '2999-12-31' }];
    const folder = join(world.sandbox.root, 'xdg/config/tarwarden');
    world.sandbox.write({ 'policy.json': { scriptNetwork: policy } }, folder);
    const { port } = JSON.parse(readFileSync(at('at'), 'utf8')) as { port: number };
    const ask = `require('node:net').connect(${port}, '127.0.0.1', function () { require('node:fs').writeFileSync('${at('reached')}', ''); this.end(); }).on('error', () => {});\n`;
    const publish = (name: string, install: string): void => {
      const manifest = { scripts: { install } };
      const files = { 'ask.js': ask };
      world.registry.publish({ name, manifest, tgz: tgz({ name, manifest, files }) });
    };
    publish('named', 'true');
    publish('evil', 'node ask.js');
    world.sandbox.write({
      'evil.cjs': ask,
      '.npmrc': `node-options=--require=${at('evil.cjs')}\n`,
    });
    plain({ dependencies: { named: '1.0.0' } });
    const install = ['npm', '--confine', 'install'];
    expect(await world.tarwarden(install)).toMatchObject({ code: 0 });
    program('evil-shell', `node ${at('evil.cjs')}`);
    world.sandbox.write({ '.npmrc': `script-shell=${at('evil-shell')}\n` });
    expect(await world.tarwarden(install)).toMatchObject({ code: 0 });
    world.sandbox.write({ '.npmrc': '' });
    for (const name of ['node_modules', 'package-lock.json']) rmSync(at(name), { recursive: true });
    plain({ dependencies: { named: 'npm:evil@1.0.0' } });
    expect(await world.tarwarden(install)).toMatchObject({ code: 0 });
    expect(existsSync(at('reached'))).toBe(false);
    // The witness: a user's policy for this package.
    publish('named', 'node ask.js');
    for (const name of ['node_modules', 'package-lock.json']) rmSync(at(name), { recursive: true });
    plain({ dependencies: { named: '1.0.0' } });
    rmSync(world.sandbox.npmCache, { recursive: true });
    expect(await world.tarwarden(install)).toMatchObject({ code: 0 });
    expect(existsSync(at('reached'))).toBe(true);
  });

  test('follows no link of the repository to what may be written', async () => {
    mkdirSync(home('.ssh'));
    symlinkSync(home('.ssh'), at('cache'));
    world.sandbox.write({ '.npmrc': 'cache=cache\n' });
    const result = await world.tarwarden(['npm', '--confine', 'install']);
    expect(result.code).not.toBe(0);
    expect(readdirSync(home('.ssh'))).toEqual([]);
  });

  test("follows no link in place of tarwarden's own folder", async () => {
    const cache = join(world.sandbox.root, 'xdg/cache/tarwarden');
    mkdirSync(home('.ssh'));
    mkdirSync(cache, { recursive: true });
    symlinkSync(home('.ssh'), join(cache, 'run'));
    plain({ scripts: { try: `touch ${home('.ssh/evil')}` } });
    const result = await world.tarwarden(['npm', '--confine', 'run', 'try']);
    expect(result).toMatchObject({ code: 97 });
    expect(result.stderr).toContain('is a link');
    expect(readdirSync(home('.ssh'))).toEqual([]);
  });

  test('writes where the user allows it', async () => {
    const folder = join(world.sandbox.root, 'elsewhere');
    plain({ scripts: { try: `touch ${folder}/file` } });
    const run = ['run', 'try'];
    expect((await world.tarwarden(['npm', '--confine', ...run])).code).not.toBe(0);
    expect(
      await world.tarwarden(['npm', '--confine', '--confine-write', folder, ...run]),
    ).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, 'file'))).toBe(true);
    const refused = await world.tarwarden(['npm', '--confine', '--confine-write', '~', ...run]);
    expect(refused).toMatchObject({ code: 97 });
    expect(refused.stderr).toContain('holds your home folder');
  });

  test('is not run where the home folder would be the project', async () => {
    world.sandbox.write({ 'package.json': { name: 'home' } }, world.sandbox.home);
    const env = envFor('npm-11', { sandbox: world.sandbox });
    const cwd = home('folder');
    mkdirSync(cwd);
    const result = await execute(nodePath('system'), [CLI, 'npm', '--confine', 'install'], {
      cwd,
      env,
    });
    expect(result).toMatchObject({ code: 97 });
    expect(result.stderr).toContain('holds your home folder');
  });

  const users = process.getuid?.() === 0 ? ['0', '1000'] : ['0'];
  test.each(users)('installs in a container as well, as user %s', async (user) => {
    const env = envFor('npm-11', { sandbox: world.sandbox });
    const { root } = world.sandbox;
    if (user !== '0') execFileSync('chown', ['-R', `${user}:${user}`, root]);
    const args = [
      FILTERED,
      user,
      'container',
      nodePath('system'),
      CLI,
      'npm',
      '--confine',
      'install',
    ];
    const result = await execute('/usr/bin/python3', args, { cwd: world.sandbox.project, env });
    expect(result).toMatchObject({ code: 0 });
    expect(world.noted('package')).toMatchObject({ home: 'EACCES', tcp: 'EACCES', own: 'done' });
  });

  test('holds what a script leaves running', async () => {
    const line = `sleep 1; touch ${home('evil')}; touch ${at('left')}`;
    plain({ scripts: { postinstall: `setsid sh -c '${line}' >/dev/null 2>&1 &` } });
    world.sandbox.command('setsid', '/usr/bin/setsid');
    const env = envFor('npm-11', { sandbox: world.sandbox });
    const cwd = world.sandbox.project;
    expect(
      await execute(nodePath('system'), [CLI, 'npm', '--confine', 'install'], { cwd, env }),
    ).toMatchObject({ code: 0 });
    await vi.waitFor(() => expect(existsSync(at('left'))).toBe(true), 20_000);
    expect(existsSync(home('evil'))).toBe(false);
  });

  test('removes temporary files without following a link', async () => {
    mkdirSync(home('kept'));
    writeFileSync(home('kept/file'), '');
    plain({ scripts: { try: `ln -s ${home('kept')} "$TMPDIR/link"` } });
    expect(await world.tarwarden(['npm', '--confine', 'run', 'try'])).toMatchObject({ code: 0 });
    expect(existsSync(home('kept/file'))).toBe(true);
    expect(readdirSync(world.sandbox.temp)).toEqual([]);
  });

  test('runs npx, whose packages write nothing outside', async () => {
    const text = `#!/usr/bin/env node\nrequire('node:fs').writeFileSync(process.argv[2], '');\n`;
    const manifest = { bin: './cli.js' };
    world.registry.publish({
      name: 'tool',
      manifest,
      tgz: tgz({ name: 'tool', manifest, files: { 'cli.js': text } }),
    });
    const run = async (file: string): Promise<number | null> =>
      (await world.tarwarden(['npx', '--confine', '--yes', 'tool', file])).code;
    expect(await run(at('inside'))).toBe(0);
    expect(existsSync(at('inside'))).toBe(true);
    expect(await run(home('evil'))).not.toBe(0);
    expect(existsSync(home('evil'))).toBe(false);
  });

  test('passes a variable on that the user names', async () => {
    await world.tarwarden(['npm', '--confine', '--confine-env', 'NODE_AUTH_TOKEN', 'install']);
    expect(world.noted('package')).toMatchObject({ token: 'done' });
  });

  test('writes the report of what was inspected, once', async () => {
    const file = join(world.sandbox.root, 'report');
    const result = await world.tarwarden(['npm', '--confine', 'install'], {
      TARWARDEN_REPORT: file,
    });
    expect(result).toMatchObject({ code: 0 });
    expect(result.stderr).not.toContain('warning');
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const types = lines.map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types.toSorted()).toEqual(['archive', 'archive', 'summary']);
  });

  test('says where it failed what was in the way', async () => {
    const scripts = { postinstall: `touch ${home('evil')}` };
    plain({ scripts });
    const { code, stderr } = await world.tarwarden(['npm', '--confine', 'install']);
    expect(code).not.toBe(0);
    expect(stderr).toContain(`it may write in ${world.sandbox.project}`);
    expect(stderr).toContain('scripts have no network');
    expect(stderr).toMatch(/do not get these variables: .*NODE_AUTH_TOKEN.*--confine-env/);
  });

  test('forgives an optional package that does not build, as npm does', async () => {
    world.registry.publish({ name: 'fragile', manifest: { scripts: { install: 'exit 1' } } });
    plain({ optionalDependencies: { fragile: '1.0.0' } });
    const { code, stderr } = await world.tarwarden(['npm', '--confine', 'install']);
    expect(code).toBe(0);
    expect(stderr).toContain('warning: fragile, which is optional');
    expect(readFileSync(at('package-lock.json'), 'utf8')).toContain('fragile');
  });
});

describe.skipIf(!canConfine).each(['npm-11', 'yarn-1', 'bun'] as const)('%s', (manager) => {
  test('is not run where the kernel has no Landlock, and says what else there is', async () => {
    const world = await confineWorld(manager);
    try {
      const client = manager.split('-')[0] ?? '';
      const env = envFor(manager, { sandbox: world.sandbox });
      const command = [nodePath('system'), CLI, client, '--confine', 'install'];
      const cwd = world.sandbox.project;
      const args = [FILTERED, '0', 'no-landlock', ...command];
      const result = await execute('/usr/bin/python3', args, { cwd, env });
      expect(result).toMatchObject({ code: 97 });
      expect(result.stderr).toMatch(
        new RegExp(`${client} was not run: --confine: .*ENOSYS.*(?:bubblewrap|container)`),
      );
      expect(existsSync(join(cwd, 'node_modules'))).toBe(false);
      expect(readdirSync(world.sandbox.temp)).toEqual([]);
    } finally {
      await world.dispose();
    }
  });
});
