import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foldersOf } from '../../../packages/confine/src/clients/client.ts';
import { clientOf } from '../../../packages/confine/src/clients/index.ts';
import { makeConfineProject, type ConfineProject } from '../../support/confine/project.ts';

let at: ConfineProject;
beforeEach(() => {
  at = makeConfineProject();
});
afterEach(() => at.dispose());

describe('pnpm', () => {
  it('fetches copies without scripts, and runs what it wrote down as pending', () => {
    at.write('project/package.json', {});
    at.write('project/node_modules/.modules.yaml', 'pendingBuilds: [esbuild@0.25.0]\n');
    const [fetch, named, written, rest] = at.steps('pnpm', '-C . install --prod', {
      networkPackages: ['esbuild', 'sharp'],
    });
    expect(fetch).toBe(
      'fetch: -C . install --config.package-import-method=clone-or-copy --config.ignore-scripts=true --prod',
    );
    expect(named).toMatch(
      /^scripts network: -C \. .*rebuild --config\.script-shell=\/bin\/sh esbuild$/,
    );
    expect(written).toBe('scripts: a program');
    expect(rest).toMatch(/^scripts: -C \. .*--config\.offline=true.* rebuild --pending$/);
  });

  it.each([
    ['pendingBuilds: ["esbuild@git+https://host.example/esbuild.git#1"]', ''],
    ['pendingBuilds: ["esbuild@https://host.example/esbuild.tgz", esbuild@0.25.0]', ''],
    ['pendingBuilds: ["esbuild@file:esbuild"]', ''],
    ['pendingBuilds: [esbuild@0.25.0]', '"esbuild@https://host.example/1.0.0.tgz": {}'],
  ])('gives no network to another package that is called so: %s %s', (modules, packages) => {
    at.write('project/package.json', {});
    at.write('project/node_modules/.modules.yaml', `${modules}\n`);
    at.write('project/node_modules/.pnpm/lock.yaml', `packages: {esbuild@0.25.0: {}, ${packages}}`);
    const steps = at.steps('pnpm', 'i', { networkPackages: ['esbuild'] });
    expect(steps.map((step) => step.split(':')[0])).toEqual(['fetch', 'scripts']);
  });

  it('runs those of all projects of a workspace', () => {
    at.write('project/package.json', {});
    at.write('project/pnpm-workspace.yaml', 'packages: ["a"]\n');
    expect(at.steps('pnpm', 'i')[1]).toMatch(/rebuild --pending -r$/);
    expect(at.rootOf('pnpm', 'project')).toBe(at.root);
  });

  it.each(['project/pnpm-workspace.yaml', 'project/.npmrc'])('obeys %s', (file) => {
    at.write(file, file.endsWith('yaml') ? 'ignoreScripts: true\n' : 'ignore-scripts=true\n');
    expect(at.steps('pnpm', 'i')).toHaveLength(1);
  });

  it.each([
    ['add -g x', 'global install'],
    ['link ../x', 'cannot be split'],
    ['approve-builds', 'cannot be split'],
    ['self-update', 'cannot be split'],
  ])('does not run "%s"', (args, why) => {
    expect(() => at.steps('pnpm', args)).toThrow(why);
  });

  it.each(['run build', 'build', 'dlx cowsay', 'exec x'])('runs "%s" as it is', (args) => {
    expect(at.steps('pnpm', args)).toEqual([`whole: ${args}`]);
  });

  it('has the store that the user names, and no other', () => {
    const store = join(at.home, '.local/share/pnpm/store');
    expect(at.folders('pnpm', 'i')[2]).toBe(store);
    expect(at.folders('pnpm', 'i', { PNPM_HOME: '/p' })[2]).toBe('/p/store');
    expect(at.folders('pnpm', '--store-dir /s i', { PNPM_HOME: '/p' })[2]).toBe('/s');
    at.write('.config/pnpm/config.yaml', 'storeDir: /y\n');
    expect(at.folders('pnpm', 'i')[2]).toBe('/y');
    const env = clientOf('pnpm').env!;
    expect(env(at.project('i'), { phase: 'fetch' })).toMatchObject({ pnpm_config_store_dir: '/y' });
    at.write('.npmrc', 'store-dir=${X}/store\n');
    at.write('.config/pnpm/config.yaml', '');
    expect(at.folders('pnpm', 'i', { X: '/x' })[2]).toBe('/x/store');
  });

  it.each(['project/pnpm-workspace.yaml', 'project/.npmrc'])(
    'leaves the store that %s names to pnpm',
    (file) => {
      at.write(file, file.endsWith('yaml') ? 'storeDir: ../theirs\n' : 'store-dir=../theirs\n');
      expect(at.folders('pnpm', 'i')[2]).toBe(join(at.home, '.local/share/pnpm/store'));
      expect(clientOf('pnpm').env!(at.project('i'), { phase: 'fetch' })).toEqual({});
    },
  );
});

describe('Yarn', () => {
  it('fetches without builds, and builds what it remembers', () => {
    expect(at.steps('yarn', '')).toEqual([
      'fetch: install --mode=skip-build',
      'scripts: install --immutable --inline-builds',
    ]);
    expect(at.steps('yarn', '--immutable')[0]).toBe('fetch: --immutable --mode=skip-build');
    expect(at.steps('yarn', '--cwd a add x')).toEqual([
      'fetch: --cwd a add x --mode=skip-build',
      'scripts: --cwd=a install --immutable --inline-builds',
    ]);
    expect(at.steps('yarn', 'install --mode=update-lockfile')).toHaveLength(1);
  });

  it.each(['build', 'run build', '--version', 'dlx x'])('runs "%s" as it is', (args) => {
    expect(at.steps('yarn', args)).toEqual([`whole: ${args}`]);
  });

  it.each(['workspaces focus', 'link x', 'unplug x', 'set version 4'])(
    'does not run "%s"',
    (args) => {
      expect(() => at.steps('yarn', args)).toThrow('cannot be split');
    },
  );

  it('has the folders that the user names, and no others', () => {
    expect(at.folders('yarn', '')).toEqual([join(at.home, '.yarn/berry')]);
    at.write('.yarnrc.yml', 'globalFolder: /g\n');
    expect(at.folders('yarn', '', { YARN_CACHE_FOLDER: '/c' })).toEqual(['/g', '/c']);
    at.write('project/.yarnrc.yml', 'globalFolder: /theirs\n');
    expect(at.folders('yarn', '')).toEqual(['/g']);
    at.write('.yarnrc.yml', 'globalFolder: "${G:-/mine}"\n');
    expect(at.folders('yarn', '')).toEqual([join(at.home, '.yarn/berry')]);
    expect(at.folders('yarn', '', { XDG_DATA_HOME: '/data' })).toContain('/data/yarn/berry');
  });

  it('has the cache of corepack where that is the Yarn on the PATH', () => {
    at.write('lib/corepack/dist/yarn.js', '');
    symlinkSync(join(at.home, 'lib/corepack/dist/yarn.js'), join(at.home, 'yarn'));
    const call = at.project('', { program: join(at.home, 'yarn') });
    expect(foldersOf(clientOf('yarn'), call)).toContain(join(at.home, '.cache/node/corepack'));
  });

  it.each(['npmAuthToken: secret', 'npmRegistries:\n  "//x":\n    npmAuthIdent: "a:b"'])(
    'refuses a file of the user that signs in: %j',
    (text) => {
      at.write('.yarnrc.yml', text);
      expect(() => at.steps('yarn', '')).toThrow('put it into a variable');
    },
  );

  it('refuses one in a folder above the project, or of another name, and none of the project', () => {
    const token = 'npmScopes: {a: {npmAuthToken: secret}}\n';
    at.write('project/.yarnrc.yml', token);
    expect(at.steps('yarn', '')).toHaveLength(2);
    at.write('.rc.yml', token);
    expect(at.steps('yarn', '')).toHaveLength(2);
    const env = { HOME: join(at.home, 'other'), YARN_RC_FILENAME: '.rc.yml' };
    expect(() => at.steps('yarn', '', { env })).toThrow(`${join(at.home, '.rc.yml')} holds`);
    const own = { HOME: at.home, YARN_RC_FILENAME: '.rc.yml' };
    expect(clientOf('yarn').needs?.(at.project('', { env: own }))).toEqual([
      join(at.home, '.rc.yml'),
      // Yarn 4 has this name for it in the home folder.
      join(at.home, '.yarnrc.yml'),
    ]);
  });

  it('takes one that names a variable', () => {
    at.write('.yarnrc.yml', 'npmAuthToken: "${TOKEN-}"\n');
    expect(at.steps('yarn', '')).toHaveLength(2);
    expect(clientOf('yarn').needs?.(at.project(''))).toEqual([join(at.home, '.yarnrc.yml')]);
  });

  it('finds the project by its lockfile, else by the topmost package', () => {
    at.write('project/package.json', {});
    at.write('project/a/package.json', {});
    expect(at.rootOf('yarn', 'project/a')).toBe(at.root);
    at.write('project/a/yarn.lock', '');
    expect(at.rootOf('yarn', 'project/a')).toBe(join(at.root, 'a'));
  });
});

describe('the others', () => {
  it('run in one step', () => {
    for (const client of [
      'npx',
      'pip',
      'pip3',
      'python',
      'python3',
      'gem',
      'bundle',
      'go',
    ] as const)
      expect(at.steps(client, 'x y')).toEqual(['whole: x y']);
  });

  it('pip writes in the virtual environment that it belongs to', () => {
    at.write('venv/pyvenv.cfg', '');
    const call = at.project('', { program: join(at.home, 'venv/bin/pip') });
    expect(foldersOf(clientOf('pip'), call)).toEqual([
      join(at.home, '.cache/pip'),
      join(at.home, 'venv'),
    ]);
    expect(at.folders('pip', '', { PIP_CACHE_DIR: '/p' })).toEqual(['/p']);
  });

  it('gem and bundle write where GEM_HOME is', () => {
    const specs = join(at.home, '.cache/gem');
    expect(at.folders('gem', '', { GEM_HOME: '/g' })).toEqual([specs, '/g']);
    const cache = join(at.home, '.bundle/cache');
    expect(at.folders('bundle', '', { GEM_HOME: '/g' })).toEqual([specs, '/g', cache]);
    at.write('.bundle/config', '---\nBUNDLE_PATH: "/own"\n');
    at.write('project/Gemfile', '');
    at.write('project/.bundle/config', 'BUNDLE_PATH: "/theirs"\n');
    expect(at.folders('bundle', '', { GEM_HOME: '/g' })).toEqual([specs, '/own', '/g', cache]);
    expect(() => at.folders('gem', '')).toThrow('its folders are not known');
  });

  it('find the project as they do', () => {
    at.write('project/Gemfile', '');
    at.write('project/go.mod', '');
    at.write('project/pyproject.toml', '');
    mkdirSync(join(at.root, 'a'));
    for (const client of ['bundle', 'go', 'pip'] as const)
      expect(at.rootOf(client, 'project/a')).toBe(at.root);
    expect(at.rootOf('gem', 'project/a')).toBe(join(at.root, 'a'));
    expect(at.rootOf('go', '.', '-C project build')).toBe(at.root);
    at.write('go.work', '');
    expect(at.rootOf('go', 'project/a')).toBe(at.home);
  });
});
