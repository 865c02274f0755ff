/** bun and bunx, confined: what a repository or a package tries, what installs as ever, and where it refuses to begin. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findHelper } from '../../../packages/confine/src/helper.ts';
import { attack } from '../../support/attacks.ts';
import { CLI, confineWorld, PLAIN, PROBE, type ConfineWorld } from '../../support/confine/world.ts';
import { execute } from '../../support/execute.ts';
import { available, envFor, nodePath, type Result } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';

const canConfine = !('problem' in findHelper()) && available('bun').ok;

describe.skipIf(!canConfine)('confined bun', () => {
  let world: ConfineWorld;
  const at = (...path: string[]): string => join(world.sandbox.project, ...path);
  const home = (...path: string[]): string => join(world.sandbox.home, ...path);
  beforeEach(async () => {
    world = await confineWorld('bun');
  });
  afterEach(() => world.dispose());

  const project = (more: object = {}): void =>
    world.sandbox.write({ 'package.json': { name: 'project', version: '1.0.0', ...more } });
  const confined = (...args: string[]): Promise<Result> =>
    world.tarwarden(['bun', '--confine', ...args]);
  /** Notes each run of it, and the token where there is one. */
  const loud = (name: string): { postinstall: string } => ({
    postinstall: `echo "${name} ran $NODE_AUTH_TOKEN" >> ${at('log')}`,
  });
  const publish = (name: string, manifest: object = {}): Buffer => {
    const whole = { scripts: loud(name), ...manifest };
    const bytes = Buffer.from(tgz({ name, manifest: whole }));
    world.registry.publish({ name, manifest: whole, tgz: bytes });
    return bytes;
  };
  const log = (): string[] =>
    (existsSync(at('log')) ? readFileSync(at('log'), 'utf8') : '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .toSorted();
  const clean = (...more: string[]): void => {
    for (const name of ['log', 'node_modules', 'bun.lock', ...more])
      rmSync(at(name), { recursive: true, force: true });
  };

  test.each([
    ['bunfig.toml', '[install]\nignoreScripts = false\n'],
    ['bunfig.toml', '[install]\nbackend = "hardlink"\n'],
    ['bunfig.toml', '[install.cache]\ndir = "../elsewhere"\n'],
    ['bunfig.toml', '[install]\nlinker = "isolated"\n'],
    ['.npmrc', 'ignore-scripts=false\n'],
    ['.env', 'npm_config_ignore_scripts=false\nBUN_INSTALL_CACHE_DIR=../elsewhere\n'],
  ])('runs scripts once, and behind walls, whatever %s says: %j', async (file, text) => {
    publish('loud');
    project({ dependencies: { loud: '1.0.0' }, trustedDependencies: ['loud'] });
    world.sandbox.write({ [file]: text });
    expect(await confined('install')).toMatchObject({ code: 0 });
    expect(log()).toEqual(['loud ran']);
    expect(existsSync(join(world.sandbox.root, 'elsewhere'))).toBe(false);
    // No second name for what the guard has unpacked.
    expect(statSync(at('node_modules/loud/package.json')).nlink).toBe(1);
    const lockfile = readFileSync(at('bun.lock'), 'utf8');
    // The witness: a script that is not confined has the token.
    clean();
    expect(await world.bare(['install'])).toMatchObject({ code: 0 });
    expect(log()).toEqual([expect.stringMatching(/^loud ran secret/)]);
    expect(lockfile).toBe(readFileSync(at('bun.lock'), 'utf8'));
  });

  test('runs the scripts that bun runs, and no others', async () => {
    for (const name of ['esbuild', 'stranger']) publish(name);
    project({ dependencies: { esbuild: '1.0.0', stranger: '1.0.0' }, scripts: loud('project') });
    expect(await confined('install')).toMatchObject({ code: 0 });
    const ran = log();
    expect(ran).toEqual(['project ran']);
    clean();
    expect(await world.bare(['install'])).toMatchObject({ code: 0 });
    expect(log().map((line) => line.replace(/ secret.*/, ''))).toEqual(ran);
    rmSync(at('log'));
    expect(await confined('pm', 'trust', 'stranger')).toMatchObject({ code: 0 });
    expect(log()).toEqual(['stranger ran']);
    expect(readFileSync(at('package.json'), 'utf8')).toContain('trustedDependencies');
  });

  test('installs archives, git repositories, folders and workspaces', async () => {
    const bytes = publish('by-file');
    writeFileSync(at('by-file.tgz'), bytes);
    const { remote, commit } = world.sandbox.gitRepo('by-git', {
      'package.json': { name: 'by-git', version: '1.0.0', scripts: loud('by-git') },
    });
    publish('by-address');
    publish('member-needs');
    world.sandbox.write({
      'folder/package.json': { name: 'folder', version: '1.0.0', scripts: loud('folder') },
      'packages/a/package.json': {
        name: 'a',
        version: '1.0.0',
        dependencies: { 'member-needs': '1.0.0' },
        scripts: loud('a'),
      },
    });
    const names = ['by-file', 'by-git', 'by-address', 'member-needs', 'folder'];
    project({
      workspaces: ['packages/*'],
      dependencies: {
        'by-file': 'file:./by-file.tgz',
        'by-git': `git+${remote}#${commit}`,
        'by-address': `${world.registry.url}/by-address/-/by-address-1.0.0.tgz`,
        folder: 'file:./folder',
      },
      trustedDependencies: names,
    });
    const result = await world.tarwarden([
      'bun',
      '--confine',
      'install',
      '--cwd',
      at('packages/a'),
    ]);
    expect(result).toMatchObject({ code: 0 });
    const [ran, lockfile] = [log(), readFileSync(at('bun.lock'), 'utf8')];
    clean();
    expect(await world.bare(['install'])).toMatchObject({ code: 0 });
    const bare = log().map((line) => line.replace(/ secret.*/, ''));
    expect(ran).toEqual(bare);
    expect(ran).toContain('by-git ran');
    expect(lockfile).toBe(readFileSync(at('bun.lock'), 'utf8'));
  });

  test('keeps registries that need a token, and the token from scripts', async () => {
    publish('@scope/one', {
      scripts: {
        postinstall: `${loud('one').postinstall}; cat "$XDG_CONFIG_HOME/.bunfig.toml" "$XDG_CONFIG_HOME/.npmrc" ~/.bunfig.toml >> ${at('read')} 2>&1; true`,
      },
    });
    world.sandbox.write(
      {
        '.bunfig.toml': `[install.scopes]\n"@scope" = { url = "${world.registry.url}/", token = "secret-of-bunfig" }\n`,
      },
      join(world.sandbox.root, 'xdg/config'),
    );
    writeFileSync(home('.bunfig.toml'), '# secret-of-home\n');
    project({ dependencies: { '@scope/one': '1.0.0' }, trustedDependencies: ['@scope/one'] });
    expect(await confined('install')).toMatchObject({ code: 0 });
    expect(log()).toEqual(['one ran']);
    expect(readFileSync(at('read'), 'utf8')).toContain('@scope');
    expect(readFileSync(at('read'), 'utf8')).not.toContain('secret');
    clean('read');
    expect(await world.bare(['install'])).toMatchObject({ code: 0 });
    expect(readFileSync(at('read'), 'utf8')).toContain('secret-of-bunfig');
    expect(readFileSync(at('read'), 'utf8')).toContain('secret-of-home');
  });

  test('adds, updates and removes packages, and leaves out what the user leaves out', async () => {
    publish('loud');
    project({ devDependencies: { [PLAIN]: '1.0.0' }, trustedDependencies: ['loud', PLAIN] });
    expect(await confined('add', 'loud@1.0.0')).toMatchObject({ code: 0 });
    expect(log()).toEqual(['loud ran']);
    expect(world.plainRan()).toBe(true);
    rmSync(at('node_modules'), { recursive: true });
    expect(await confined('ci', '--production')).toMatchObject({ code: 0 });
    expect(existsSync(at('node_modules', PLAIN))).toBe(false);
    expect(log()).toHaveLength(2);
    expect(await confined('install', '--ignore-scripts')).toMatchObject({ code: 0 });
    expect(log()).toHaveLength(2);
    expect(await confined('remove', 'loud')).toMatchObject({ code: 0 });
    expect(existsSync(at('node_modules/loud'))).toBe(false);
    expect(log()).toHaveLength(2);
    expect(readdirSync(world.sandbox.temp)).toEqual([]);
    expect(readdirSync(join(world.sandbox.root, 'xdg/cache/tarwarden/bun')).toSorted()).toEqual([
      'manifests',
      'trees',
    ]);
  });

  test('replaces what an earlier install has linked to what the guard keeps', async () => {
    const links = (): number => statSync(at('node_modules', PLAIN, 'package.json')).nlink;
    expect(await world.tarwarden(['bun', 'install'])).toMatchObject({ code: 0 });
    expect(links()).toBeGreaterThan(1);
    expect(await confined('install')).toMatchObject({ code: 0 });
    expect(links()).toBe(1);
  });

  test('refuses a hostile package before any script runs', async () => {
    publish('loud');
    world.registry.publish({
      name: 'evil',
      manifest: {},
      tgz: attack('symlink').build({ name: 'evil', manifest: {} }),
    });
    project({ dependencies: { loud: '1.0.0', evil: '1.0.0' }, trustedDependencies: ['loud'] });
    const { code, stderr } = await confined('install');
    expect(code).toBe(1);
    expect(stderr).toContain('refused evil@1.0.0');
    expect(log()).toEqual([]);
    expect(existsSync(at('node_modules/loud'))).toBe(false);
  });

  test('fails where a script does, and says what was in the way', async () => {
    project({ scripts: { postinstall: `touch ${home('evil')}` } });
    const { code, stderr } = await confined('install');
    expect(code).not.toBe(0);
    expect(stderr).toContain('bun was confined: scripts have no network');
    expect(existsSync(home('evil'))).toBe(false);
  });

  test('runs bunx, and programs that install, whose packages write nothing outside', async () => {
    const text = `#!/usr/bin/env node\nrequire('node:fs').writeFileSync(process.argv[2], '');\n`;
    const manifest = { bin: './cli.js' };
    world.registry.publish({
      name: 'tool',
      manifest,
      tgz: tgz({ name: 'tool', manifest, files: { 'cli.js': text } }),
    });
    for (const command of [
      ['bunx', '--confine'],
      ['bun', '--confine', 'x'],
    ]) {
      rmSync(at('inside'), { force: true });
      expect(await world.tarwarden([...command, 'tool', at('inside')])).toMatchObject({ code: 0 });
      expect(existsSync(at('inside'))).toBe(true);
      expect((await world.tarwarden([...command, 'tool', home('evil')])).code).not.toBe(0);
      expect(existsSync(home('evil'))).toBe(false);
    }
    project({ scripts: { nested: 'bun add @scope/two' } });
    publish('@scope/two');
    expect(await confined('run', 'nested')).toMatchObject({ code: 0 });
    expect(existsSync(at('node_modules/@scope/two/package.json'))).toBe(true);
    expect(readdirSync(world.sandbox.temp)).toEqual([]);
  });

  test.each([
    [['add', '-g', 'x'], 'a global install'],
    [['link'], 'cannot be split'],
    [['patch', 'x'], 'cannot be split'],
    [['install', '--no-save'], 'cannot be split'],
    [['install', '--config=x.toml'], 'could replace the scanner'],
  ])('is not run with %j', async (args, why) => {
    const { code, stderr } = await confined(...args);
    expect(code).toBe(97);
    expect(stderr).toContain(why);
    expect(existsSync(at('node_modules', PROBE))).toBe(false);
  });

  test('is not the bun that the project brings', async () => {
    mkdirSync(at('bin'));
    writeFileSync(at('bin/bun'), `#!/bin/sh\ntouch ${at('ran')}\n`);
    chmodSync(at('bin/bun'), 0o755);
    const env = envFor('bun', { sandbox: world.sandbox });
    const { code, stderr } = await execute(
      nodePath('system'),
      [CLI, 'bun', '--confine', 'install'],
      {
        cwd: world.sandbox.project,
        env: { ...env, PATH: [at('bin'), env['PATH']].join(delimiter) },
      },
    );
    expect([code, stderr]).toEqual([97, expect.stringContaining('lies in the project')]);
    expect(existsSync(at('ran'))).toBe(false);
  });
});
