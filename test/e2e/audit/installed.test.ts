/** `tarwarden audit --installed`: what real managers installed, and what was changed in it. */
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { freshAll } from '../../support/fresh-each.ts';
import { tgz } from '../../support/pkg.ts';
import { available, run, type ManagerName } from '../../support/managers.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { audited, type Audited } from './audited.ts';

const registry = freshAll(() =>
  startRegistry({
    packages: [
      { name: 'a', manifest: { dependencies: { '@scope/b': '2.0.0' }, bin: 'index.js' } },
      { name: '@scope/b', version: '1.0.0' },
      { name: 'inner' },
      { name: '@scope/b', version: '2.0.0', tag: 'next' },
      {
        name: 'bundler',
        tgz: tgz({
          name: 'bundler',
          version: '1.0.0',
          manifest: { bundleDependencies: ['inner'], dependencies: { inner: '1' } },
          files: {
            'node_modules/inner/package.json': '{"name":"inner","version":"1.0.0"}',
            'node_modules/inner/index.js': '',
            'node_modules/README.md': '',
          },
        }),
        manifest: { bundleDependencies: ['inner'], dependencies: { inner: '1' } },
      },
      { name: 'scripts', manifest: { scripts: { install: 'echo built > built.txt' } } },
    ],
  }),
);
let sandbox: Sandbox;

afterEach(() => sandbox.dispose());

const managers: ManagerName[] = [
  'npm-10',
  'npm-12',
  'pnpm-10',
  'pnpm-12',
  'yarn-1',
  'yarn-4',
  'bun',
];

async function install(manager: ManagerName, linker = 'node-modules'): Promise<void> {
  sandbox = makeSandbox({
    registry: registry.url,
    project: {
      'package.json': {
        name: 'app',
        version: '1.0.0',
        private: true,
        workspaces: ['pkgs/*'],
        dependencies: {
          a: '1.0.0',
          '@scope/b': '1.0.0',
          alias: 'npm:@scope/b@1.0.0',
          scripts: '1.0.0',
          bundler: '1.0.0',
        },
      },
      'pnpm-workspace.yaml': 'packages:\n  - pkgs/*\n',
      'pkgs/w/package.json': { name: 'w', version: '1.0.0', dependencies: { a: '1.0.0' } },
    },
  });
  sandbox.yarnrc(`nodeLinker: ${linker}`);
  mkdirSync(join(sandbox.project, '.git'));
  const args =
    manager === 'yarn-4' ? ['install', '--mode=skip-build'] : ['install', '--ignore-scripts'];
  const installed = await run(manager, args, { sandbox, env: { CI: undefined } });
  expect(installed).toMatchObject({ code: 0 });
}

/** A file of what is installed, by the end of its path. */
function find(end: RegExp): string {
  const all = readdirSync(sandbox.project, { recursive: true, encoding: 'utf8' });
  const found = all.find((path) => end.test(path));
  if (found === undefined) throw new RangeError(`nothing is like ${String(end)}`);
  return join(sandbox.project, found);
}

const installed = async (): Promise<Audited> => audited(sandbox, '--installed');

const errors = ({ packages }: Audited): string[] =>
  packages.flatMap(({ checks }) =>
    checks.filter(({ level }) => level === 'error').map(({ id, message }) => `${id}: ${message}`),
  );

describe.each(managers)('%s', (manager) => {
  it.skipIf(!available(manager).ok)(
    'is silent about what it installed, and finds what was changed',
    async () => {
      await install(manager);
      const clean = await installed();
      expect(errors(clean)).toEqual([]);
      expect(clean.with('error')).toEqual([]);
      expect(clean.code).toBe(0);

      // Managers link files of their store: what is written there is everywhere.
      const file = find(/(?:^|node_modules\/)a\/index\.js$/);
      rmSync(file);
      writeFileSync(file, 'stolen()');
      const changed = await installed();
      expect(errors(changed)).toEqual([
        expect.stringMatching(/^installed-mismatch: .*changed "index.js"/),
      ]);
      expect(changed.code).toBe(1);
    },
  );
});

describe('what is found', () => {
  const expectOnly = async (expected: RegExp): Promise<void> => {
    const found = await installed();
    expect(errors(found)).toEqual([expect.stringMatching(expected)]);
    expect(found.code).toBe(1);
  };

  it('is a file that was added, and one that is missing', async () => {
    await install('npm-10');
    writeFileSync(join(sandbox.project, 'node_modules/a/more.js'), '');
    rmSync(join(sandbox.project, 'node_modules/a/index.js'));
    await expectOnly(/missing "index.js"; added "more.js"/);
  });

  it('is a link out of a package', async () => {
    await install('npm-10');
    symlinkSync(sandbox.sentinel, join(sandbox.project, 'node_modules/a/link'));
    await expectOnly(/^installed-link: .* "link", which leaves the package/);
  });

  it('is a package that is a link out of the project, and a command that is', async () => {
    await install('npm-10');
    symlinkSync(sandbox.sentinel, join(sandbox.project, 'node_modules/c'));
    symlinkSync(join(sandbox.sentinel, 'secret'), join(sandbox.project, 'node_modules/.bin/c'));
    const found = errors(await installed());
    expect(found).toHaveLength(2);
    for (const one of found) expect(one).toMatch(/^installed-link: .* leaves the project/);
  });

  it('is a package, and a command, that is a link to what is of no package', async () => {
    await install('npm-10');
    const modules = join(sandbox.project, 'node_modules');
    mkdirSync(join(modules, '.cache/x'), { recursive: true });
    writeFileSync(join(modules, '.cache/x/index.js'), 'stolen()');
    symlinkSync('.cache/x', join(modules, 'c'));
    symlinkSync('../.cache/x/index.js', join(modules, '.bin/c'));
    symlinkSync('../a/index.js', join(modules, '.bin/of-a-package'));
    const found = errors(await installed());
    expect(found).toHaveLength(2);
    for (const one of found) expect(one).toMatch(/^installed-link: .*to what is of no package/);
  });

  it('is what changed in the store of Yarn 4', async () => {
    await install('yarn-4', 'pnpm');
    const clean = await installed();
    expect(errors(clean)).toEqual([]);
    expect(clean.code).toBe(0);
    // Equal files are one.
    const file = find(/\.store\/a-npm-[^/]*\/package\/index\.js$/);
    rmSync(file);
    writeFileSync(file, 'stolen()');
    await expectOnly(/^installed-mismatch: .*changed "index.js"/);
  });

  it.each([
    ['of a name of its own', { name: 'planted', version: '1.0.0' }],
    ['with the name of a workspace', { name: 'w', version: '1.0.0' }],
    ['without a name', { version: '1.0.0' }],
    ['in another version', { name: 'a', version: '9.9.9' }],
  ])('is a package that no lockfile has: %s', async (_, manifest) => {
    await install('npm-10');
    sandbox.write({ 'node_modules/planted/package.json': manifest });
    await expectOnly(/^not-locked: /);
  });

  it('is a change in a package that has install scripts, as a warning, unless it is in package.json', async () => {
    await install('npm-10');
    sandbox.write({ 'node_modules/scripts/built.txt': 'built\n' });
    const built = await installed();
    expect(built.code).toBe(0);
    expect(JSON.stringify(built.packages)).toContain('its own install scripts may have done');
    sandbox.write({
      'node_modules/scripts/package.json': {
        name: 'scripts',
        version: '1.0.0',
        scripts: { install: '' },
      },
    });
    await expectOnly(/changed "package.json"; added "built.txt"/);
  });

  it.each<ManagerName>(['npm-10', 'pnpm-12'])(
    'is a package inside of one that brings another, with %s',
    async (manager) => {
      await install(manager);
      const inner = find(/(?:^|node_modules\/)bundler\/node_modules\/inner\/package\.json$/);
      const planted = join(inner, '../../planted');
      mkdirSync(planted);
      writeFileSync(join(planted, 'package.json'), '{"name":"planted","version":"1.0.0"}');
      await expectOnly(/^not-locked: /);
      rmSync(planted, { recursive: true });
      writeFileSync(join(inner, '../more.js'), 'stolen()');
      await expectOnly(/^installed-mismatch: .*added "node_modules\/inner\/more.js"/);
    },
  );

  it('is a file beside packages, in the root, a scope, a package and a workspace', async () => {
    await install('npm-10');
    sandbox.write({
      'node_modules/fs-extra.js': 'stolen()',
      'node_modules/@scope/c.json': '{}',
      'node_modules/.hidden': '',
      'node_modules/.DS_Store': '',
      'node_modules/a/node_modules/b.js': 'stolen()',
      'pkgs/w/node_modules/d.js': 'stolen()',
    });
    const found = await installed();
    expect(errors(found).map((one) => one.replace(/ is .*/, ''))).toEqual([
      expect.stringMatching(/^installed-mismatch: .*\/a$/),
      expect.stringMatching(/^installed-extra: .*@scope\/c\.json$/),
      expect.stringMatching(/^installed-extra: .*fs-extra\.js$/),
      expect.stringMatching(/^installed-extra: .*pkgs\/w\/node_modules\/d\.js$/),
    ]);
    expect(JSON.stringify(found.packages)).toMatch(/"warning".*\.hidden is of no package/);
    expect(JSON.stringify(found.packages)).not.toContain('DS_Store');
    expect(found.code).toBe(1);
  });

  it.each<ManagerName>(['npm-10', 'pnpm-12', 'yarn-1', 'yarn-4', 'bun'])(
    'is a command that %s did not make',
    async (manager) => {
      await install(manager);
      sandbox.write({ 'node_modules/.bin/git': '#!/bin/sh\nstolen\n' });
      await expectOnly(/^installed-extra: .*\.bin\/git is found by its name/);
    },
  );

  it('is a package in node_modules of a workspace, and a link from there out of the project', async () => {
    await install('pnpm-12');
    sandbox.write({
      'pkgs/w/node_modules/planted/package.json': { name: 'planted', version: '1.0.0' },
    });
    symlinkSync(sandbox.sentinel, join(sandbox.project, 'pkgs/w/node_modules/c'));
    const found = errors(await installed());
    expect(found).toEqual([
      expect.stringMatching(/^not-locked: /),
      expect.stringMatching(/^installed-link: .*pkgs\/w\/node_modules\/c .*leaves the project/),
    ]);
  });

  it('is what changed in a package that Yarn 4 unplugged', async () => {
    await install('yarn-4', 'pnp');
    const clean = await installed();
    expect(errors(clean)).toEqual([]);
    expect(clean.code).toBe(0);
    const zip = find(/^\.pnp\.cjs$/);
    expect(zip).toBeDefined();
    sandbox.write({
      '.yarn/unplugged/a-npm-1.0.0-0123456789/node_modules/a/package.json': {
        name: 'a',
        version: '1.0.0',
      },
    });
    await expectOnly(/^installed-mismatch: .*unplugged/);
  });

  it('ends, whatever folders are linked in circles', async () => {
    await install('npm-10');
    const modules = join(sandbox.project, 'node_modules');
    symlinkSync(modules, join(modules, 'loop'));
    symlinkSync('..', join(modules, 'scripts/node_modules'));
    const found = await installed();
    expect(errors(found)).toEqual([]);
    expect(found.packages.map(({ error }) => error?.message)).toContain(
      'it is a link, which is not followed',
    );
    expect(found.code).toBe(2);
  });
});

it('nothing installed is not clean', async () => {
  await install('npm-10');
  rmSync(join(sandbox.project, 'node_modules'), { recursive: true });
  const { code, stderr } = await installed();
  expect(stderr).toContain('nothing is installed');
  expect(code).toBe(2);
});
