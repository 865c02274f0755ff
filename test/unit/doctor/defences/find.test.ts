/** Which version runs in a folder, and which files it takes settings from. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Component } from '../../../../packages/doctor/src/component.ts';
import type { Defence, Tool } from '../../../../packages/doctor/src/defences/defence.ts';
import { findDefences } from '../../../../packages/doctor/src/defences/find.ts';
import { findGuards } from '../../../../packages/doctor/src/defences/guard.ts';
import { putFile } from '../../../support/put-file.ts';
import { bundled } from '../records.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let root: string;
freshFolder((made) => (root = made));

const put = (path: string, text = ''): string => putFile(join(root, path), text);

const manager = (tool: Tool, version: string, path = join(root, 'lib', tool)): Component =>
  bundled({ name: tool, version }, { program: tool, programVersion: version, itself: true, path });

function find(
  component: Component,
  { folder = 'project', env = {} }: { folder?: string; env?: NodeJS.ProcessEnv } = {},
): Defence[] {
  mkdirSync(join(root, folder), { recursive: true });
  return findDefences({
    components: [component],
    folders: [join(root, folder)],
    env: { HOME: join(root, 'home'), ...env },
    platform: 'linux',
    node: join(root, 'usr/bin/node'),
  });
}

const one = (all: readonly Defence[], setting: string): Defence | undefined =>
  all.find((defence) => defence.setting === setting);

describe('npm', () => {
  const npm = (): Component => manager('npm', '12.2.0');

  it('has its files from the project to its own folder, the strongest first', () => {
    const files = ['project/.npmrc', 'home/.npmrc', 'usr/etc/npmrc', 'lib/npm/npmrc'];
    put('project/package.json', '{}');
    for (const file of files.toReversed()) {
      put(file, `min-release-age=${files.indexOf(file) + 1}\n`);
      expect(one(find(npm()), 'min-release-age')).toMatchObject({
        state: 'on',
        value: String(files.indexOf(file) + 1),
        source: { kind: 'file', file: join(root, file) },
      });
    }
  });

  it('takes the user’s file where a project says it is', () => {
    put('project/package.json', '{}');
    put('project/.npmrc', 'userconfig=./other\n');
    put('project/other', 'allow-git=all\n');
    put('home/.npmrc', 'allow-git=none\n');
    expect(one(find(npm()), 'allow-git')?.state).toBe('off');
  });

  it('looks below the prefix that the user has set', () => {
    put('home/.npmrc', `prefix=${join(root, 'own')}\n`);
    put('own/etc/npmrc', 'allow-git=all\n');
    expect(one(find(npm()), 'allow-git')?.state).toBe('off');
  });

  it.each([
    ['packages/*', 'off', 'on'],
    ['other/*', 'on', 'on'],
    ['@(packages|x)/*', 'unknown', 'on'],
    // To npm, this begins with the `!` of an exclusion.
    ['!(x)/*', 'on', 'on'],
  ])(
    'reads the settings of a workspace of %s, if that has the folder',
    (pattern, before, after) => {
      put('project/package.json', JSON.stringify({ workspaces: [pattern] }));
      put('project/packages/a/package.json', '{}');
      put('project/packages/a/.npmrc', 'ignore-scripts=true\n');
      const folder = 'project/packages/a';
      const state = () => one(find(manager('npm', '11.9.0'), { folder }), 'ignore-scripts')?.state;
      expect(state()).toBe(before);
      put('project/.npmrc', 'ignore-scripts=true\n');
      expect(state()).toBe(after);
    },
  );

  it('takes no file of a project where it is told to be global', () => {
    put('project/.npmrc', 'ignore-scripts=true\n');
    const env = { npm_config_location: 'global' };
    expect(one(find(manager('npm', '11.9.0'), { env }), 'ignore-scripts')?.state).toBe('off');
  });

  it('is not known where a file is too large to be read', () => {
    put('project/.npmrc', `ignore-scripts=true\n${'# \n'.repeat(2 * 1024 * 1024)}`);
    const found = find(npm());
    expect(new Set(found.map(({ state }) => state))).toEqual(new Set(['unknown']));
    expect(found[0]?.reason).toContain('.npmrc');
  });
});

describe('pnpm', () => {
  it('up to 10 takes YAML before variables, and from 11 on the other way round', () => {
    put('project/pnpm-workspace.yaml', 'minimumReleaseAge: 0\n');
    const env = { npm_config_minimum_release_age: '9', pnpm_config_minimum_release_age: '9' };
    const of = (version: string) =>
      one(find(manager('pnpm', version), { env }), 'minimumReleaseAge');
    expect(of('10.34.8')?.state).toBe('off');
    expect(of('12.21.0')?.state).toBe('on');
  });

  it.each([
    ['10.34.8', 'other/*', 'on'],
    ['12.21.0', 'packages/*', 'on'],
    ['12.21.0', 'other/*', 'unknown'],
  ])('%s, in a workspace of %s, reads the settings of it or not', (version, pattern, state) => {
    put('project/pnpm-workspace.yaml', `packages: [${pattern}]\ntrustPolicy: no-downgrade\n`);
    put('project/packages/a/package.json', '{}');
    const found = find(manager('pnpm', version), { folder: 'project/packages/a' });
    expect(one(found, 'trustPolicy')?.state).toBe(state);
  });

  it.each(['10.34.8', '12.21.0'])('%s takes a workspace that a variable names', (version) => {
    put('project/pnpm-workspace.yaml', 'trustPolicy: no-downgrade\n');
    const env = { npm_config_workspace_dir: join(root, 'elsewhere') };
    expect(one(find(manager('pnpm', version), { env }), 'trustPolicy')?.state).not.toBe('on');
  });

  it('reads what pnpm 10 takes from package.json, and no more', () => {
    put('project/package.json', '{"pnpm":{"neverBuiltDependencies":[],"minimumReleaseAge":9}}');
    const found = find(manager('pnpm', '10.34.8'));
    expect(one(found, 'dangerouslyAllowAllBuilds')?.state).toBe('off');
    expect(one(found, 'minimumReleaseAge')?.state).toBe('off');
  });

  it.each(['- a list', 'a: [', 'a: 1\na: 2'])('is not known where YAML is %j', (text) => {
    put('project/pnpm-workspace.yaml', text);
    const found = find(manager('pnpm', '12.21.0'));
    expect(new Set(found.map(({ state }) => state))).toEqual(new Set(['unknown']));
  });

  it('of a user is configured where the system has it', () => {
    put('config/pnpm/config.yaml', 'trustPolicy: no-downgrade\n');
    const env = { XDG_CONFIG_HOME: join(root, 'config') };
    expect(one(find(manager('pnpm', '12.21.0'), { env }), 'trustPolicy')?.state).toBe('on');
    expect(one(find(manager('pnpm', '12.21.0')), 'trustPolicy')?.state).toBe('off');
  });
});

describe('Yarn', () => {
  it('is the one that yarnPath names', () => {
    put('project/.yarnrc.yml', 'yarnPath: .yarn/releases/yarn-4.12.0.cjs\n');
    const found = find(manager('yarn', '1.22.22'));
    expect(new Set(found.map(({ version }) => version))).toEqual(new Set(['4.12.0']));
    expect(one(found, 'npmMinimalAgeGate')?.state).toBe('off');
  });

  it.each([
    ['4.18.1', '.yarnrc.yml', 'yarnPath: .yarn/releases/yarn.cjs\n'],
    ['1.22.22', '.yarnrc', 'yarn-path ".yarn/releases/yarn.cjs"\n'],
    ['1.22.22', '.yarnrc.yml', 'yarnPath: .yarn/releases/yarn.cjs\n'],
    ['4.18.1', '.yarnrc.yml', 'yarnPath: [[a]]\n'],
    ['4.18.1', '.yarnrc.yml', 'yarnPath: "${A}.cjs"\n'],
    ['1.22.22', '.yarnrc.yml', 'yarnPath: [a]\n'],
    ['4.18.1', '.yarnrc.yml', 'a: ['],
    ['1.22.22', '.yarnrc', '@ ['],
  ])('is not known where Yarn %s finds a %s with %j', (version, file, text) => {
    put(`project/${file}`, text);
    const found = find(manager('yarn', version));
    expect(new Set(found.map(({ state }) => state))).toEqual(new Set(['unknown']));
    expect(found[0]?.version).toBeUndefined();
  });

  it('is the one on the PATH where yarnPath is to be ignored', () => {
    put('project/.yarnrc.yml', 'yarnPath: .yarn/releases/yarn.cjs\n');
    const [first] = find(manager('yarn', '4.18.1'), { env: { YARN_IGNORE_PATH: '1' } });
    expect(first?.version).toBe('4.18.1');
  });

  it('is the one on the PATH where yarn-path is for another Yarn, or the file says to ignore it', () => {
    put('project/.yarnrc', 'yarn-path "y.cjs"\n');
    expect(find(manager('yarn', '4.18.1'))[0]?.version).toBe('4.18.1');
    put('project/.yarnrc.yml', 'yarnPath: y.cjs\nignorePath: true\n');
    expect(find(manager('yarn', '4.18.1'))[0]?.version).toBe('4.18.1');
  });

  it('is, behind corepack, the one that the nearest package.json names', () => {
    put('project/package.json', '{"packageManager":"yarn@4.13.0+sha512.aa"}');
    put('project/packages/a/package.json', '{}');
    const corepack = manager('yarn', '1.22.22', join(root, 'lib/corepack/dist/yarn.js'));
    const folder = 'project/packages/a';
    expect(find(corepack, { folder })[0]?.version).toBe('4.13.0');
    expect(find(manager('yarn', '1.22.22'), { folder })[0]?.version).toBe('1.22.22');
  });

  it('has its own files, above those of the user', () => {
    put('home/.yarnrc.yml', 'enableHardenedMode: true\n');
    expect(one(find(manager('yarn', '4.18.1')), 'enableHardenedMode')?.state).toBe('on');
    put('project/.yarnrc.yml', 'enableHardenedMode: false\n');
    const folder = 'project/packages/a';
    expect(one(find(manager('yarn', '4.18.1'), { folder }), 'enableHardenedMode')?.state).toBe(
      'off',
    );
  });
});

describe('the pnpm that runs in a folder', () => {
  const versions = () => [
    ...new Set(find(manager('pnpm', '12.21.0')).map(({ version }) => version)),
  ];
  const engine = (fields: object) =>
    put(
      'project/package.json',
      JSON.stringify({ devEngines: { packageManager: { name: 'pnpm', ...fields } } }),
    );

  it.each([
    ['another one', { version: '9.15.0' }, ['9.15.0', '12.21.0']],
    [
      'another one, to be downloaded',
      { version: '9.15.0', onFail: 'download' },
      ['9.15.0', '12.21.0'],
    ],
    ['a range of others', { version: '>=9 <10' }, [undefined, '12.21.0']],
    ['a range that it is in', { version: '^12.0.0' }, ['12.21.0']],
    ['another one, and a warning', { version: '9.15.0', onFail: 'warn' }, ['12.21.0']],
    ['another manager', { name: 'npm', version: '9.0.0' }, ['12.21.0']],
  ])('is, where devEngines names %s, also that', (_, fields, expected) => {
    engine(fields);
    expect(versions()).toEqual(expected);
  });

  it('is also the one that a package.yaml names', () => {
    put('project/package.yaml', 'name: a\npackageManager: pnpm@9.15.0\n');
    expect(versions()).toEqual(['9.15.0', '12.21.0']);
  });

  it('takes settings of a package.yaml, up to pnpm 10', () => {
    put('project/package.yaml', 'name: a\npnpm: { neverBuiltDependencies: [] }\n');
    const found = one(find(manager('pnpm', '10.34.8')), 'dangerouslyAllowAllBuilds');
    expect(found?.state).toBe('off');
  });
});

describe('the guard', () => {
  const guards = (tool: Tool, env: NodeJS.ProcessEnv = {}) =>
    findGuards({
      components: [manager(tool, '12.0.0')],
      folders: [join(root, 'project')],
      env,
      platform: 'linux',
    });

  it.each(['npm', 'pnpm', 'yarn'] as const)('of %s is not found where nothing names it', (tool) => {
    expect(guards(tool)).toMatchObject([{ manager: tool, state: 'none', remedy: /^tarwarden / }]);
  });

  it.each([
    ['npm', { NODE_OPTIONS: '--require /usr/lib/tarwarden/preload.cjs' }],
    ['pnpm', { npm_config_global_pnpmfile: '/usr/lib/tarwarden/dist/index.cjs' }],
    ['yarn', { YARN_PLUGINS: '/usr/lib/plugin-tarwarden.cjs' }],
  ] as const)('of %s is found in a variable', (tool, env) => {
    expect(guards(tool, env)).toMatchObject([{ state: 'found', message: /^the variable / }]);
  });

  it.each([
    ['pnpm', '.pnpmfile.cjs', "module.exports = require('./.tarwarden/pnpmfile.cjs')"],
    ['yarn', '.yarnrc.yml', 'plugins: [.yarn/plugins/plugin-tarwarden.cjs]'],
  ] as const)('of %s is found in %s, and never said to be armed', (tool, name, text) => {
    const file = put(`project/${name}`, text);
    expect(guards(tool)).toMatchObject([{ state: 'found', message: file }]);
  });
});
