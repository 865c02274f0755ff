/**
 * A repository whose settings place what a client installs outside the project or in its `.git`: confined, nothing is written there. Each
 * row is installed without tarwarden as well: a setting that places nothing there proves nothing.
 */
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findHelper } from '../../../packages/confine/src/helper.ts';
import { CLI } from '../../support/confine/world.ts';
import { makeGitRepo } from '../../support/git.ts';
import { execute } from '../../support/execute.ts';
import {
  available,
  envFor,
  nodePath,
  repository,
  run,
  runBeside,
  type ManagerName,
  type Result,
} from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { tree } from '../../support/tree.ts';

type Files = Readonly<Record<string, string | object>>;
interface Row {
  readonly name: string;
  readonly manager: ManagerName;
  readonly files: Files;
  readonly args?: readonly string[];
}

/** The dependency: a folder of this name in `.git`, with a program of such a name, is what git runs. */
const HOOKS = 'hooks';
const project = (more: object = {}): object => ({
  name: 'project',
  version: '1.0.0',
  dependencies: { [HOOKS]: '1.0.0' },
  ...more,
});
const member = {
  'packages/member/package.json': {
    name: 'member',
    version: '1.0.0',
    dependencies: { [HOOKS]: '1.0.0' },
  },
};
const workspace = "packages: ['packages/*']\n";
const pnpm = (name: string, text: string, more: Files = {}): Row[] =>
  (['pnpm-10', 'pnpm-12'] as const).map((manager) => ({
    name,
    manager,
    files: {
      'package.json': project(),
      'pnpm-workspace.yaml': `minimumReleaseAge: 0\n${text}`,
      ...more,
    },
    args: ['install', '--no-frozen-lockfile'],
  }));

const ROWS: readonly Row[] = [
  {
    name: 'the cache of npm',
    manager: 'npm-12',
    files: { 'package.json': project(), '.npmrc': 'cache=../victim/cache\n' },
  },
  ...pnpm(
    'a lockfile and a virtual store elsewhere',
    'lockfileDir: ../victim\nvirtualStoreDir: ../victim/store\n',
  ),
  ...pnpm(
    'modules of a member elsewhere',
    `${workspace}sharedWorkspaceLockfile: false\npackageConfigs:\n  member:\n    modulesDir: ../../../victim/modules\n`,
    member,
  ).filter(({ manager }) => manager === 'pnpm-12'),
  ...pnpm(
    "modules elsewhere by a member's .npmrc",
    `${workspace}sharedWorkspaceLockfile: false\n`,
    { ...member, 'packages/member/.npmrc': 'modules-dir=../../../victim/modules\n' },
  ).filter(({ manager }) => manager === 'pnpm-10'),
  ...pnpm('modules in .git', 'modulesDir: .git\n'),
  ...pnpm(
    'a workspace outside',
    "packages: ['../victim']\nlinkWorkspacePackages: true\noverrides:\n  other: 1.0.0\n",
  ),
  {
    name: 'unplugged packages in .git',
    manager: 'yarn-4',
    files: {
      'package.json': project({ dependenciesMeta: { [HOOKS]: { unplugged: true } } }),
      '.yarnrc.yml': 'pnpUnpluggedFolder: .git\n',
      'yarn.lock': '',
    },
    args: ['install', '--no-immutable'],
  },
  {
    name: 'modules in .git',
    manager: 'yarn-1',
    files: { 'package.json': project(), '.yarnrc': '--install.modules-folder ".git"\n' },
  },
  ...(['bun', 'yarn-1'] as const).map((manager): Row => ({
    name: 'a workspace outside',
    manager,
    files: {
      'package.json': project({
        private: true,
        workspaces: ['../victim'],
        overrides: { other: '1.0.0' },
        resolutions: { other: '1.0.0' },
      }),
    },
  })),
];

const FILTERED = join(repository, 'test/support/confine/filtered.py');
const helper = findHelper();

describe.skipIf('problem' in helper)('a confined client', () => {
  let registry: Registry;
  let sandbox: Sandbox;
  const at = (...path: string[]): string => join(sandbox.root, ...path);
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: sandbox.project, env: sandbox.env, encoding: 'utf8' });

  beforeEach(async () => {
    registry = await startRegistry();
    sandbox = makeSandbox({ registry: registry.url, project: {} });
    const manifest = { bin: { program: 'pre-commit' } };
    const files = { 'pre-commit': `#!/bin/sh\ntouch ${at('hook-ran')}\n` };
    for (const name of [HOOKS, 'other']) {
      const bytes = tgz({ name, manifest, files, defaults: { mode: 0o755 } });
      registry.publish({ name, manifest, tgz: bytes });
    }
    mkdirSync(at('victim'));
    const victim = { name: 'victim', version: '1.0.0', dependencies: { other: '^1.0.0' } };
    writeFileSync(at('victim/package.json'), JSON.stringify(victim));
    makeGitRepo(sandbox.project, { 'index.js': '' });
    rmSync(join(sandbox.project, '.git/hooks'), { recursive: true });
  });
  afterEach(async () => {
    sandbox.dispose();
    await registry.close();
  });

  const all = (): readonly string[] => [...tree(at('victim')), ...tree(at('project/.git'))];
  const confined = ({ manager, args = ['install'] }: Row, ...more: string[]): Promise<Result> => {
    const client = manager.split('-')[0]!;
    const command = [client, '--confine', ...more, ...args];
    return runBeside(manager, CLI, command, { sandbox, timeout: 120_000 });
  };

  test.each(ROWS.filter(({ manager }) => available(manager).ok))(
    '$manager writes neither outside nor in .git: $name',
    async (row) => {
      sandbox.write(row.files);
      const before = all();
      await confined(row);
      expect(all()).toEqual(before);
      git('commit', '--quiet', '--allow-empty', '--message', 'After');
      expect(existsSync(at('hook-ran'))).toBe(false);

      const then = all();
      sandbox.write(row.files);
      rmSync(join(sandbox.project, 'node_modules'), { recursive: true, force: true });
      expect(await run(row.manager, row.args ?? ['install'], { sandbox })).toMatchObject({
        code: 0,
      });
      expect(all()).not.toEqual(then);
    },
  );

  const husky = (text: string): void =>
    sandbox.write({ 'package.json': project({ scripts: { postinstall: text } }) });
  const written = (file: string): boolean => existsSync(join(sandbox.project, file));
  const npm: Row = { name: '', manager: 'npm-12', files: {} };

  test("leaves .git to the project's scripts where the user says so, and never to the client", async () => {
    husky('git config core.hooksPath .husky');
    const before = all();
    const { code, stderr } = await confined(npm);
    expect(code).not.toBe(0);
    expect(stderr).toContain(`except ${at('project/.git')}`);
    expect(all()).toEqual(before);
    expect(await confined(npm, '--confine-write', '.git')).toMatchObject({ code: 0 });
    expect(git('config', 'core.hooksPath').trim()).toBe('.husky');

    sandbox.write({ 'package.json': project(), '.yarnrc': '--install.modules-folder ".git"\n' });
    const yarn = await confined({ ...npm, manager: 'yarn-1' }, '--confine-write', '.git');
    expect(yarn.code).not.toBe(0);
    expect(written('.git/hooks')).toBe(false);
  });

  test.each([
    ['removes', 'rm -rf .git'],
    ['moves', 'mv .git elsewhere'],
    ['changes the mode of', 'chmod 777 .git/config'],
    ['enters and changes', 'cd .git && echo x >config'],
  ])('no script %s .git', async (_, line) => {
    husky(`${line}; echo done >ran || echo done >../ran`);
    const before = all();
    expect(await confined(npm)).toMatchObject({ code: 0 });
    expect(written('ran')).toBe(true);
    expect(all()).toEqual(before);
  });

  test('keeps the repository of a worktree, and that around the project', async () => {
    const inside = join(sandbox.project, 'tree');
    git('worktree', 'add', '--quiet', inside);
    const line = 'for file in .git/worktrees/tree/HEAD .git/config; do echo x >$file; done; true';
    husky(line);
    const before = tree(inside);
    const around = all();
    expect(await confined(npm)).toMatchObject({ code: 0 });
    expect(all()).toEqual(around);

    // The project is the worktree, and the user allows to write around it.
    sandbox.write(
      { 'package.json': project({ scripts: { postinstall: `echo x >.git; cd ..; ${line}` } }) },
      inside,
    );
    const command = ['npm', '--confine', '--confine-write', sandbox.project, 'install'];
    const options = { sandbox, cwd: inside };
    expect(await runBeside('npm-12', CLI, command, options)).toMatchObject({ code: 0 });
    expect(all()).toEqual(around);
    expect(tree(inside).filter((entry) => entry.startsWith('file .git '))).toEqual(
      before.filter((entry) => entry.startsWith('file .git ')),
    );
  });

  test.skipIf(process.getuid?.() !== 0 || process.arch !== 'x64').each([
    ['npm-12', '1000', 'none', ''],
    ['pnpm-12', '1000', 'none', ''],
    ['yarn-1', '1000', 'none', ''],
    ['bun', '1000', 'none', ''],
    ['npm-12', '0', 'container', 'the client could write to'],
    ['npm-12', '1000', 'container', 'the client could write to'],
  ] as const)('%s runs for user %s under the list "%s"', async (manager, user, list, warning) => {
    husky('echo x >.git/config; true');
    // The guard reads it behind the walls, where root and strangers look alike.
    sandbox.write({ 'policy.json': {} }, at('xdg/config/tarwarden'));
    const before = all();
    execFileSync('chown', ['-R', `${user}:${user}`, sandbox.root]);
    const client = manager.split('-')[0]!;
    const args = [FILTERED, user, list, nodePath('system'), CLI, client, '--confine', 'install'];
    const env = envFor(manager, { sandbox });
    const result = await execute('/usr/bin/python3', args, { cwd: sandbox.project, env });
    expect(result).toMatchObject({ code: 0 });
    expect(result.stderr).toContain(warning);
    expect(result.stderr).not.toContain('policy');
    expect(result.stderr.includes('could write to')).toBe(warning !== '');
    expect(written(`node_modules/${HOOKS}/package.json`)).toBe(true);
    if (warning === '') expect(all()).toEqual(before);
    else expect(all()).not.toEqual(before);
  });

  test('refuses where .git is a link, which the client could replace', async () => {
    execFileSync('mv', [at('project/.git'), at('project/moved')]);
    symlinkSync('moved', at('project/.git'));
    sandbox.write({ 'package.json': project() });
    const { code, stderr } = await confined(npm);
    expect(code).toBe(97);
    expect(stderr).toContain('--confine-write');
    expect(await confined(npm, '--confine-write', '.git')).toMatchObject({ code: 0 });
  });
});
