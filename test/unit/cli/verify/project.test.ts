import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Manager } from '../../../../packages/cli/src/guard-trials/managers.ts';
import { takeOver } from '../../../../packages/cli/src/guard-trials/verify.ts';
import type { Taken } from '../../../../packages/cli/src/guard-trials/taken.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFiles } from '../../../support/put-file.ts';

let root: string;
freshFolder((made) => (root = made));

const write = (files: Readonly<Record<string, string>>): void => putFiles(root, files);

const take = (
  manager: Manager,
  folder = '.',
  env: NodeJS.ProcessEnv = { HOME: '/nowhere' },
): Taken => takeOver(manager, join(root, 'manager'), { cwd: join(root, folder), env });

const SECRETS =
  '//registry.example/:_authToken=secret\n_auth=secret\nregistry=https://registry.example/\n';

describe.each(['npm', 'npx', 'pnpm', 'yarn'] as const)('of a project %s', (manager) => {
  it('is given no secret, registry or folder', () => {
    write({
      '.npmrc': `${SECRETS}cache=./cache\nprefix=./prefix\nstore-dir=./store\n`,
      'pnpm-workspace.yaml': 'packages: [a]\nstoreDir: ./store\nmodulesDir: ../m\n',
      '.yarnrc.yml': 'npmAuthToken: secret\ncacheFolder: ./cache\nglobalFolder: ./g\n',
      'package.json': JSON.stringify({
        dependencies: { x: '1' },
        scripts: { postinstall: 'secret' },
      }),
    });
    expect(JSON.stringify(take(manager))).not.toMatch(
      /secret|registry|cache|prefix|store|globalFolder|modulesDir|"x"/,
    );
  });

  it('has the manager that it names, also from above, where corepack runs it', () => {
    write({ 'package.json': '{"packageManager":"yarn@4.0.0"}', 'a/package.json': '{}' });
    const manifest = (): unknown => JSON.parse(take(manager, 'a').files['package.json'] ?? '');
    expect(manifest()).not.toHaveProperty('packageManager');
    write({ 'lib/corepack/dist/manager.js': '' });
    symlinkSync('lib/corepack/dist/manager.js', join(root, 'manager'));
    expect(manifest()).toMatchObject({ packageManager: 'yarn@4.0.0' });
  });

  it('is not stopped by what somebody put above it', () => {
    write({ 'package.json': '{"packageManager":', 'a/package.json': '{}' });
    execFileSync('mkfifo', [join(root, '.npmrc')]);
    mkdirSync(join(root, 'a/b/package.json'), { recursive: true });
    expect(take(manager, 'a/b').files['package.json']).not.toContain('packageManager');
  });
});

it('settings of yarn that cannot be read are not passed over', () => {
  write({ '.yarnrc.yml': 'a: [' });
  expect(() => take('yarn')).toThrow(/cannot be read/);
});

describe.each(['npm', 'npx'] as const)('of %s', (manager) => {
  const CODE = '.npm-extension.cjs';
  const MEMBER = { 'w/a/package.json': '{}', [`w/a/${CODE}`]: '' };

  it('takes the extension of the nearest package', () => {
    write({ 'a/package.json': '{}', [`a/${CODE}`]: '', 'a/b/.npm-extension.mjs': '' });
    expect(take(manager, 'a/b').links).toEqual({ [CODE]: join(root, 'a', CODE) });
    mkdirSync(join(root, 'a/b/node_modules'));
    expect(take(manager, 'a/b').links).toEqual({
      '.npm-extension.mjs': join(root, 'a/b/.npm-extension.mjs'),
    });
  });

  it.each(['["w/*"]', '{"packages":["./w/**"]}'])(
    'takes that of the root of a workspace, and none of its packages: %s',
    (workspaces) => {
      write({ ...MEMBER, 'package.json': `{"workspaces":${workspaces}}` });
      expect(take(manager, 'w/a')).toMatchObject({ links: {} });
      write({ [CODE]: '' });
      expect(take(manager, 'w/a').links).toEqual({ [CODE]: join(root, CODE) });
    },
  );

  it.each(['["other/*"]', '["w/*","!w/a"]', '[]', '7'])(
    'takes that of a package which is in no workspace: %s',
    (workspaces) => {
      write({ ...MEMBER, 'package.json': `{"workspaces":${workspaces}}`, [CODE]: '' });
      const { links, elsewhere } = take(manager, 'w/a');
      expect([links, elsewhere]).toEqual([{ [CODE]: join(root, 'w/a', CODE) }, undefined]);
    },
  );

  it('does not guess what a pattern names, where it matters', () => {
    write({ ...MEMBER, 'package.json': '{"workspaces":["@(v|w)/a"]}' });
    expect(take(manager, 'w/a').elsewhere).toBeUndefined();
    write({ [CODE]: '' });
    expect(take(manager, 'w/a').elsewhere).toMatch(/not known to name this folder/);
  });

  it('takes the one that .npmrc names, and none where it keeps npm from loading it', () => {
    write({ 'package.json': '{}', [CODE]: '', '.npmrc': 'extension-file=tools/x.mjs\n' });
    expect(take(manager).links).toEqual({ '.npm-extension.mjs': join(root, 'tools/x.mjs') });
    for (const name of ['ignore-extension', 'ignore-scripts']) {
      write({ '.npmrc': `${name}=true\n` });
      expect(take(manager).links).toEqual({});
    }
  });
});

describe('of Yarn', () => {
  it('takes plugins of every folder above, and the nearest of the other settings', () => {
    write({
      '.yarnrc.yml':
        'plugins: [{path: a.cjs, spec: "https://x.example"}]\nyarnPath: r/yarn.cjs\ntarwardenRequired: true\ntarwardenPolicy: p.json\n',
      'a/.yarnrc.yml': 'plugins: ["./b.cjs", "@yarnpkg/plugin-x"]\nyarnPath: s/yarn.cjs\n',
    });
    expect(take('yarn', 'a').files['.yarnrc.yml']).toBe(
      [
        `yarnPath: ${JSON.stringify(join(root, 'a/s/yarn.cjs'))}`,
        'tarwardenRequired: "true"',
        `plugins: ${JSON.stringify([join(root, 'a/b.cjs'), '@yarnpkg/plugin-x', join(root, 'a.cjs')])}`,
        '',
      ].join('\n'),
    );
  });

  it('takes the last of two values, no merge key, and the lists of all files', () => {
    write({
      '.yarnrc.yml': 'logFilters: [{code: A, level: discard}]\n',
      'a/.yarnrc.yml':
        'x: &x {yarnPath: no.cjs}\n<<: *x\nignorePath: true\nignorePath: false\nlogFilters: [{code: B}]\n',
    });
    expect(take('yarn', 'a').files['.yarnrc.yml']).toBe(
      'ignorePath: "false"\nlogFilters: [{"code":"A","level":"discard"},{"code":"B"}]\n',
    );
  });

  it.each([
    ['yarn-path "r/y.js"\n', 'r/y.js'],
    ["yarn-path: 'r/y.js'\n", 'r/y.js'],
    ['yarn-path "r/x.js"\nyarn-path r/y.js\n', 'r/y.js'],
  ])('takes the Yarn that Yarn 1 hands over to: %j', (text, path) => {
    write({ '.yarnrc': text });
    expect(take('yarn', 'a').files['.yarnrc']).toBe(
      `yarn-path ${JSON.stringify(join(root, path))}\n`,
    );
  });

  it("leaves the user's own to Yarn", () => {
    write({ '.yarnrc.yml': 'plugins: ["./b.cjs"]\n' });
    expect(take('yarn', '.', { HOME: root }).files).not.toHaveProperty('.yarnrc.yml');
  });

  it.each(['../x.yml', 'a/x.yml', '', 'package.json'])('writes no %s', (name) => {
    const { files, elsewhere } = take('yarn', '.', { YARN_RC_FILENAME: name });
    expect(Object.keys(files)).toEqual(['package.json', 'yarn.lock']);
    expect(elsewhere).toBeDefined();
  });
});
