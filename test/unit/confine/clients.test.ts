import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
    ['link ../x', 'mixes downloads'],
    ['approve-builds', 'mixes downloads'],
    ['self-update', 'changes pnpm itself'],
  ])('does not run "%s"', (args, why) => {
    expect(() => at.steps('pnpm', args)).toThrow(why);
  });

  it.each(['run build', 'build', 'dlx cowsay', 'exec x'])('runs "%s" as it is', (args) => {
    expect(at.steps('pnpm', args)).toEqual([`whole: ${args}`]);
  });

  it('has the store that the user names, and no other', () => {
    const store = join(at.home, '.local/share/pnpm/store');
    expect(at.folders('pnpm', 'i')[0]).toBe(store);
    expect(at.folders('pnpm', 'i', { PNPM_HOME: '/p' })[0]).toBe('/p/store');
    expect(at.folders('pnpm', '--store-dir /s i', { PNPM_HOME: '/p' })[0]).toBe('/s');
    at.write('.config/pnpm/config.yaml', 'storeDir: /y\n');
    expect(at.folders('pnpm', 'i')[0]).toBe('/y');
    at.write('project/pnpm-workspace.yaml', 'storeDir: ../theirs\n');
    expect(at.folders('pnpm', 'i')[0]).toBe('/y');
    expect(() => at.steps('pnpm', 'i')).toThrow(`--confine-write ${join(at.home, 'theirs')}`);
    const env = clientOf('pnpm').env!;
    expect(env(at.project('i'), { phase: 'fetch' })).toEqual({});
    at.write('project/pnpm-workspace.yaml', '');
    expect(env(at.project('i'), { phase: 'fetch' })).toMatchObject({ pnpm_config_store_dir: '/y' });
  });
});

describe('pnpm', () => {
  it.each([
    ['.npmrc', 'store-dir=${X:-/srv/store}\n'],
    ['.npmrc', 'store-dir=${X-/srv/store}\n'],
    ['.config/pnpm/rc', 'store-dir = /srv/store ; mine\n'],
    ['.config/pnpm/config.yaml', 'x: &x {storeDir: /srv/store}\n<<: *x\n'],
    ['.config/pnpm/config.yaml', 'storeDir: "${X:-/srv/store}"\n'],
  ])('has the store that %s names by %j', (file, text) => {
    at.write(file, text);
    expect(at.folders('pnpm', 'i')[0]).toBe('/srv/store');
  });

  it.each([
    ['pnpm-workspace.yaml', 'x: &x {storeDir: ../theirs}\n<<: *x\n'],
    ['pnpm-workspace.yaml', '<<: [{a: b}, {cacheDir: ../theirs}]\n'],
    ['pnpm-workspace.yaml', 'store${NOPE-Dir}: ../theirs\n'],
    ['.npmrc', 'store-dir=${X:-../theirs}\n'],
    ['.npmrc', '[x] \nstate-dir=../theirs\n'],
  ])('does not take a folder outside that %s names by %j', (file, text) => {
    at.write(`project/${file}`, text);
    expect(() => at.steps('pnpm', 'i')).toThrow(`--confine-write ${join(at.home, 'theirs')}`);
  });
});

describe('Yarn', () => {
  it('is not run with the linker that has second names of files in its global folder', () => {
    at.write('project/.yarnrc.yml', 'nodeLinker: pnpm\n');
    expect(() => at.steps('yarn', 'install')).toThrow('YARN_NODE_LINKER=node-modules');
    const env = { HOME: at.home, YARN_NODE_LINKER: 'node-modules' };
    expect(at.steps('yarn', 'install', { env })).toHaveLength(2);
    at.write('project/.yarnrc.yml', '');
    at.write('.yarnrc.yml', 'nodeLinker: pnpm\n');
    expect(() => at.steps('yarn', 'install')).toThrow('YARN_NODE_LINKER=node-modules');
  });

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
    expect(() => at.steps('yarn', '')).toThrow('--confine-write /theirs');
    at.write('project/.yarnrc.yml', 'cacheFolder: ./.yarn/cache\n');
    expect(at.steps('yarn', '')).toHaveLength(2);
  });

  it.each([
    ['nodeLinker: "${N:-pnpm}"\n', {}],
    ['nodeLinker: pnp\nnodeLinker: pnpm\n', {}],
    ['nodeLinker: &x pnpm\n', {}],
    ['{"nodeLinker": "\\u0070npm"}', {}],
    ['nodeLinker: "${LINKER}"\n', { LINKER: 'pnpm' }],
    ['nodeLinker: "${LINKER}"\n', {}],
    ['nodeLinker: "${N-${LINKER}}"\n', { LINKER: 'pnpm' }],
  ])('reads the linker as Yarn does: %j', (text, env) => {
    at.write('project/.yarnrc.yml', text);
    const all = { HOME: at.home, ...env };
    expect(() => at.steps('yarn', 'install', { env: all })).toThrow('YARN_NODE_LINKER');
  });

  it.each([
    ['project/.yarnrc.yml', 'nodeLinker: pnp # pnpm\n'],
    ['project/.yarnrc.yml', 'nodeLinker: pnpm\nnodeLinker: pnp\n'],
    ['project/.yarnrc.yml', 'nodeLinker: "${pnpm:-pnp}"\n'],
  ])('installs with the linker of %s: %j', (file, text) => {
    at.write('.yarnrc.yml', 'nodeLinker: pnpm\n');
    at.write(file, text);
    expect(at.steps('yarn', 'install')).toHaveLength(2);
  });

  it.each([
    ['globalFolder: "${G:-/theirs}"\n', {}],
    ['globalFolder: "${G-/theirs}"\n', {}],
    ['cacheFolder: "${G}"\n', { G: '/theirs' }],
    ['"cacheFolder": .\ncacheFolder: ../../theirs\n', {}],
  ])('refuses a folder of the repository elsewhere: %j', (text, env) => {
    at.write('project/.yarnrc.yml', text);
    const all = { HOME: at.home, ...env };
    expect(() => at.steps('yarn', '', { env: all })).toThrow(/--confine-write .*theirs/);
  });

  it('has the folder of the user that a variable with a default names', () => {
    at.write('.yarnrc.yml', 'globalFolder: "${G:-/mine}"\n');
    expect(at.folders('yarn', '')).toEqual(['/mine']);
    expect(at.steps('yarn', '')).toHaveLength(2);
    expect(at.folders('yarn', '', { G: '/other' })).toEqual(['/other']);
    at.write('.yarnrc.yml', '');
    expect(at.folders('yarn', '', { XDG_DATA_HOME: '/data' })).toContain('/data/yarn/berry');
  });

  it('has the cache of corepack where that is the Yarn on the PATH', () => {
    at.write('lib/corepack/dist/yarn.js', '');
    symlinkSync(join(at.home, 'lib/corepack/dist/yarn.js'), join(at.home, 'yarn'));
    const call = at.project('', { program: join(at.home, 'yarn') });
    expect(clientOf('yarn').folders(call)).toContain(join(at.home, '.cache/node/corepack'));
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
    expect(clientOf('pip').folders(call)).toEqual([
      join(at.home, '.cache/pip'),
      join(at.home, 'venv'),
    ]);
    expect(at.folders('pip', '', { PIP_CACHE_DIR: '/p' })).toEqual(['/p']);
    at.write('.config/pip/pip.conf', '[global]\ncache_dir = ~/p\n');
    expect(at.folders('pip', '')).toEqual([join(at.home, 'p')]);
    at.write('venv/pip.conf', '[global]\ncache-dir = /theirs\n');
    expect(clientOf('pip').folders(call)).not.toContain('/theirs');
  });

  it('gem and bundle write where GEM_HOME is', () => {
    expect(at.folders('gem', '', { GEM_HOME: '/g' })).toEqual(['/g', join(at.home, '.cache/gem')]);
    expect(at.folders('bundle', '', { GEM_HOME: '/g' })).toEqual([
      '/g',
      join(at.home, '.cache/gem'),
      join(at.home, '.bundle/cache'),
    ]);
    at.write('.bundle/config', 'BUNDLE_PATH: "/own"\n');
    at.write('project/Gemfile', '');
    at.write('project/.bundle/config', 'BUNDLE_PATH: "/theirs"\n');
    expect(at.folders('bundle', '', { GEM_HOME: '/g' })).toContain('/own');
    expect(at.folders('bundle', '', { GEM_HOME: '/g' })).not.toContain('/theirs');
    expect(() => at.folders('gem', '')).toThrow('set GEM_HOME');
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
