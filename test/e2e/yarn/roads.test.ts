/** Every road by which a package comes in fresh, with each linker: refused, and nothing of it stays. */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { attacks, coreAttacks, SENTINEL, type Attack } from '../../support/attacks.ts';
import { EMPTY_YARN_LOCK } from '../../support/git.ts';
import { available } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';
import {
  expectNotInAnyCache,
  expectNoTrace,
  expectRefusal,
  expectRefusalInLog,
  full,
  linkers,
  makeWorld,
  output,
  publishAttack,
  type Linker,
  type World,
} from './world.ts';

const SYMLINK = coreAttacks[0]!;

interface Road {
  readonly name: string;
  /** Puts the attack in place; returns what to run. */
  prepare(world: World, attack: Attack): readonly string[];
  /** Only links survive on this road: others are gone by the time Yarn sees it. */
  readonly linksOnly?: true;
  /** What comes from the disk is there for an unguarded Yarn as well. */
  readonly local?: true;
  /** A Yarn that Yarn runs is the one that refuses: what it says is in a log that Yarn names. */
  readonly inLog?: true;
}

const INSTALL = ['install'] as const;

function folderWithLink(world: World, path: string): string {
  const dir = join(world.sandbox.project, path);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), '{"name":"evil","version":"1.0.0"}');
  rmSync(join(dir, 'link'), { force: true });
  symlinkSync(SENTINEL, join(dir, 'link'));
  return `file:./${path}`;
}

const roads: readonly Road[] = [
  {
    name: 'the registry',
    prepare(world, attack) {
      publishAttack(world, attack);
      world.dependencies({ evil: '1.0.0' });
      return INSTALL;
    },
  },
  {
    name: 'a dependency of a dependency',
    prepare(world, attack) {
      publishAttack(world, attack);
      world.registry.publish({ name: 'good', manifest: { dependencies: { evil: '1.0.0' } } });
      world.dependencies({ good: '1.0.0' });
      return INSTALL;
    },
  },
  {
    name: 'an optional dependency',
    prepare(world, attack) {
      publishAttack(world, attack);
      world.dependencies({}, { optionalDependencies: { evil: '1.0.0' } });
      return INSTALL;
    },
  },
  {
    name: 'an alias',
    prepare(world, attack) {
      publishAttack(world, attack);
      world.dependencies({ other: 'npm:evil@1.0.0' });
      return INSTALL;
    },
  },
  {
    name: 'a tarball by http',
    prepare(world, attack) {
      world.dependencies({ evil: world.registry.file('evil.tgz', attack.build({ name: 'evil' })) });
      return INSTALL;
    },
  },
  {
    name: 'a tarball by file:',
    local: true,
    prepare(world, attack) {
      writeFileSync(join(world.sandbox.project, 'evil.tgz'), attack.build({ name: 'evil' }));
      world.dependencies({ evil: 'file:./evil.tgz' });
      return INSTALL;
    },
  },
  {
    name: 'a folder by file:',
    local: true,
    linksOnly: true,
    prepare(world) {
      world.dependencies({ evil: folderWithLink(world, 'folder') });
      return INSTALL;
    },
  },
  {
    name: 'git, packed by Yarn',
    local: true,
    linksOnly: true,
    prepare(world) {
      const { remote, commit } = world.sandbox.gitRepo(
        'evil',
        { 'package.json': { name: 'evil', version: '1.0.0' }, 'yarn.lock': EMPTY_YARN_LOCK },
        { symlinks: { link: SENTINEL } },
      );
      world.dependencies({ evil: `${remote}#commit=${commit}` });
      return INSTALL;
    },
  },
  {
    name: 'a bad devDependency of a git dependency that packs itself',
    inLog: true,
    prepare(world, attack) {
      publishAttack(world, attack);
      const { remote, commit } = world.sandbox.gitRepo('gitdep', {
        'package.json': {
          name: 'gitdep',
          version: '1.0.0',
          scripts: { prepack: 'true' },
          devDependencies: { evil: '1.0.0' },
        },
        'yarn.lock': EMPTY_YARN_LOCK,
      });
      world.dependencies({ gitdep: `${remote}#commit=${commit}` });
      return INSTALL;
    },
  },
  {
    name: 'a git dependency that makes exceptions for what it brings',
    inLog: true,
    prepare(world) {
      const link = entry({ name: 'package/link', typeflag: '2', linkname: 'index.js' });
      const bytes = tgz({ name: 'evil', entries: [link] });
      world.registry.publish({ name: 'evil', tgz: bytes });
      const exception = {
        package: 'evil@1.0.0',
        rule: 'symlink',
        sha512: createHash('sha512').update(bytes).digest('hex'),
        reason: 'says the package itself',
        expires: '2999-01-01',
      };
      const { remote, commit } = world.sandbox.gitRepo('gitdep', {
        'package.json': {
          name: 'gitdep',
          version: '1.0.0',
          scripts: { prepack: 'true' },
          devDependencies: { evil: '1.0.0' },
        },
        'yarn.lock': EMPTY_YARN_LOCK,
        'tarwarden.json': { exceptions: [exception] },
      });
      world.dependencies({ gitdep: `${remote}#commit=${commit}` });
      return INSTALL;
    },
  },
  {
    name: 'patch: over a bad package',
    prepare(world, attack) {
      publishAttack(world, attack);
      const patch = [
        'diff --git a/index.js b/index.js',
        '--- a/index.js',
        '+++ b/index.js',
        '@@ -1,1 +1,1 @@',
        '-module.exports = 1',
        '+module.exports = 2',
        '',
      ].join('\n');
      world.sandbox.write({ 'evil.patch': patch });
      world.dependencies({ evil: 'patch:evil@npm%3A1.0.0#./evil.patch' });
      return INSTALL;
    },
  },
  {
    name: 'a workspace',
    prepare(world, attack) {
      publishAttack(world, attack);
      world.sandbox.write({
        'packages/a/package.json': { name: 'a', version: '1.0.0', dependencies: { evil: '1.0.0' } },
      });
      world.dependencies({}, { workspaces: ['packages/*'] });
      return INSTALL;
    },
  },
  {
    name: 'yarn add',
    prepare(world, attack) {
      publishAttack(world, attack);
      world.dependencies({});
      return ['add', 'evil@1.0.0'];
    },
  },
  {
    name: 'yarn dlx',
    prepare(world, attack) {
      publishAttack(world, attack);
      world.dependencies({});
      return ['dlx', 'evil@1.0.0'];
    },
  },
  {
    name: 'yarn install --mode=update-lockfile',
    prepare(world, attack) {
      publishAttack(world, attack);
      world.dependencies({ evil: '1.0.0' });
      return ['install', '--mode=update-lockfile'];
    },
  },
  {
    name: 'yarn install --json',
    prepare(world, attack) {
      publishAttack(world, attack);
      world.dependencies({ evil: '1.0.0' });
      return ['install', '--json'];
    },
  },
];

const cells: { road: Road; attack: Attack; linker: Linker }[] = roads.flatMap((road) =>
  (full ? linkers : road.name === 'the registry' ? linkers : (['node-modules'] as const)).flatMap(
    (linker) =>
      (full && road.linksOnly !== true ? coreAttacks : [SYMLINK]).map((attack) => ({
        road,
        attack,
        linker,
      })),
  ),
);

let world: World;
afterEach(async () => {
  await world.dispose();
});

describe.skipIf(!available('yarn-4').ok)('Yarn 4 refuses a package that comes', () => {
  test.each(cells.map((cell) => [cell.road.name, cell.attack.id, cell.linker, cell] as const))(
    'by %s (%s, %s)',
    async (_road, _attack, linker, { road, attack }) => {
      world = await makeWorld({ linker });
      const command = road.prepare(world, attack);
      const state = world.state();
      const result = await world.run(...command);
      if (road.inLog === true) expectRefusalInLog(result);
      else expectRefusal(result);
      expectNoTrace(world, 'evil', state);
      if (command === INSTALL && road.local !== true) await expectNotInAnyCache(world, 'evil');
    },
  );
});

describe.skipIf(!available('yarn-4').ok)('all attacks at once, in one install,', () => {
  const stopped = attacks.filter((one) => one.level === 'error');
  test('are each refused by name, and none is kept', async () => {
    world = await makeWorld({ linker: 'node-modules' });
    for (const one of stopped) publishAttack(world, one, `evil-${one.id}`);
    world.registry.publish({ name: 'good' });
    const names = stopped.map((one) => `evil-${one.id}`);
    world.dependencies(Object.fromEntries([...names, 'good'].map((name) => [name, '1.0.0'])));
    const state = world.state();
    const result = await world.run('install');
    expectRefusal(result);
    const unsaid = names.filter(
      (name) => !output(result).includes(`tarwarden: refused ${name}@1.0.0:`),
    );
    // As a server's content-encoding leaves a tarball, and told as that.
    const decoded = 'evil-uncompressed-archive';
    expect(unsaid).toEqual([decoded]);
    expect(output(result)).toContain(
      `tarwarden: not inspected, so not installed: ${decoded}@1.0.0`,
    );
    expect(world.archives().map((file) => basename(file).replace(/-npm-.*/, ''))).toEqual(['good']);
    expectNoTrace(world, 'evil', state);
  });
});
