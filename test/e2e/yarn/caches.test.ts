/** Archives that were made without the guard: mirror, global cache, zero-install. Inspected before they are handed out. */
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { SENTINEL, coreAttacks, zipAttacks } from '../../support/attacks.ts';
import { available } from '../../support/managers.ts';
import { yarnZip } from '../../support/yarn-zip.ts';
import {
  expectInstalled,
  expectRefusal,
  full,
  linkers,
  makeWorld,
  output,
  publishAttack,
  type Linker,
  type World,
} from './world.ts';

const SYMLINK = coreAttacks[0]!;
const here = full ? linkers : (['node-modules'] as const);

let world: World;
afterEach(async () => {
  await world.dispose();
});

/** Installs the bad package without the guard, as if the guard came later. */
async function installedBefore(options: { linker: Linker; localCache: boolean }): Promise<void> {
  world = await makeWorld(options);
  publishAttack(world, SYMLINK);
  world.dependencies({ evil: '1.0.0' });
  world.guard(false);
  // Fills lockfile and caches, and links nothing, which an unguarded Yarn had better not.
  expect((await world.run('install', '--mode=update-lockfile')).code).toBe(0);
  expect(world.archives()).not.toEqual([]);
  world.forgetProject();
  world.guard(true);
}

/** An archive of a package put in place of the clean one, with the lockfile changed to fit. */
async function poisoned(zip: Buffer, localCache = true): Promise<void> {
  world = await makeWorld({ linker: 'node-modules', localCache });
  world.registry.publish({ name: 'fixture' });
  world.dependencies({ fixture: '1.0.0' });
  expectInstalled(await world.run('install'));
  const file = world.archiveOf('fixture');
  const lockfile = join(world.sandbox.project, 'yarn.lock');
  const before = createHash('sha512').update(readFileSync(file)).digest('hex');
  const after = createHash('sha512').update(zip).digest('hex');
  const text = readFileSync(lockfile, 'utf8');
  expect(text).toContain(before);
  writeFileSync(lockfile, text.replace(before, after));
  // The name of an archive in a project starts with its checksum's first letters.
  const moved = file.replace(before.slice(0, 10), after.slice(0, 10));
  rmSync(file);
  writeFileSync(moved, zip);
  rmSync(join(world.sandbox.yarnGlobal, 'cache'), { recursive: true, force: true });
  if (!localCache) writeFileSync(file, zip);
  world.forgetProject();
}

function expectNothingLinked(): void {
  const linked = ['evil', 'fixture'].filter((name) => {
    try {
      readFileSync(join(world.sandbox.project, 'node_modules', name, 'package.json'));
      return true;
    } catch {
      return false;
    }
  });
  expect(linked).toEqual([]);
  world.sandbox.assertSentinelUntouched();
}

const frozen = {
  install: ['install'],
  '--immutable': ['install', '--immutable'],
  '--immutable --immutable-cache': ['install', '--immutable', '--immutable-cache'],
  '--check-cache': ['install', '--check-cache'],
} as const;
const offline = { YARN_ENABLE_NETWORK: 'false' };

describe.skipIf(!available('yarn-4').ok)('a package that was cached before the guard came', () => {
  for (const linker of here) {
    test.each(Object.entries(frozen))(
      `is refused from a zero-install cache (${linker}): %s`,
      async (_title, command) => {
        await installedBefore({ linker, localCache: true });
        const state = world.state();
        expectRefusal(await world.run(...command));
        expect(world.state()).toEqual(state);
        expectNothingLinked();
      },
    );

    test(`is refused from a zero-install cache without network (${linker})`, async () => {
      await installedBefore({ linker, localCache: true });
      const asked = world.registry.log.length;
      expectRefusal(await world.runWith(offline, 'install', '--immutable'));
      expect(world.registry.log.length).toBe(asked);
      expectNothingLinked();
    });

    test(`is refused from the global cache, with and without network (${linker})`, async () => {
      await installedBefore({ linker, localCache: false });
      const state = world.state();
      expectRefusal(await world.run('install'));
      expectRefusal(await world.runWith(offline, 'install'));
      expect(world.state()).toEqual(state);
      expectNothingLinked();
    });

    test(`is refused from the mirror, and not copied into the project (${linker})`, async () => {
      await installedBefore({ linker, localCache: true });
      rmSync(join(world.sandbox.project, '.yarn/cache'), { recursive: true });
      expectRefusal(await world.run('install'));
      expect(world.archives().filter((file) => file.includes('/project/'))).toEqual([]);
      expectNothingLinked();
    });

    test(`is refused for another project that finds it in the global cache (${linker})`, async () => {
      await installedBefore({ linker, localCache: false });
      rmSync(join(world.sandbox.project, 'yarn.lock'));
      world.dependencies({ evil: '^1.0.0' });
      expectRefusal(await world.run('install'));
      expectNothingLinked();
    });
  }

  test.each([
    ['rebuild', ['rebuild']],
    ['add', ['add', 'good@1.0.0']],
    ['dlx', ['dlx', 'evil@1.0.0']],
    ['unplug', ['unplug', 'evil']],
    ['workspaces focus', ['workspaces', 'focus', '--all']],
    ['patch', ['patch', 'evil']],
  ] as const)('is refused by yarn %s', async (title, command) => {
    await installedBefore({
      linker: title === 'unplug' ? 'pnp' : 'node-modules',
      localCache: false,
    });
    world.registry.publish({ name: 'good' });
    const result = await world.run(...command);
    expectRefusal(result);
    expectNothingLinked();
  });
});

describe.skipIf(!available('yarn-4').ok)('an archive that was made by hand', () => {
  const some = full
    ? zipAttacks
    : zipAttacks.filter((one) =>
        ['zip-symlink', 'zip-name-mismatch', 'zip-hidden-entry', 'zip-traversal'].includes(one.id),
      );
  test.each(some.map((one) => [one.id, one] as const))(
    '%s, with a checksum in the lockfile that fits, is refused',
    async (_id, attack) => {
      await poisoned(attack.build({ target: SENTINEL }));
      const state = world.state();
      expectRefusal(await world.run('install', '--immutable'));
      expectRefusal(await world.runWith(offline, 'install', '--immutable', '--immutable-cache'));
      expect(world.state()).toEqual(state);
      expectNothingLinked();
    },
  );

  test.each(['ignore', 'update'])(
    'is refused where checksumBehavior is %s and the place of an inspected one was taken',
    async (behaviour) => {
      await poisoned(yarnZip({ name: 'fixture' }));
      const file = world.archiveOf('fixture');
      expectInstalled(await world.run('install'));
      world.forgetProject();
      writeFileSync(file, zipAttacks.find((one) => one.id === 'zip-symlink')!.build());
      world.rc(`checksumBehavior: ${behaviour}`);
      expectRefusal(await world.run('install'), /symlink/);
      expectNothingLinked();
    },
  );

  test('of another package is refused', async () => {
    await poisoned(yarnZip({ name: 'fixture', version: '6.6.6' }));
    expectRefusal(await world.run('install', '--immutable'), /manifest-mismatch/);
  });

  test('that is sound is not refused by what is in it', async () => {
    await poisoned(yarnZip({ name: 'fixture' }));
    expectInstalled(await world.runWith(offline, 'install', '--immutable'));
  });
});

describe.skipIf(!available('yarn-4').ok)('strict mode', () => {
  test('fetches and inspects the tarball of an archive that this machine never inspected, once', async () => {
    world = await makeWorld({ linker: 'node-modules', localCache: true });
    world.registry.publish({ name: 'good' });
    world.dependencies({ good: '1.0.0' });
    world.guard(false);
    expectInstalled(await world.run('install'));
    world.guard(true);
    world.rc('tarwardenStrict: true');
    const downloads = (): number => world.registry.downloads().length;
    expect(downloads()).toBe(1);
    expectInstalled(await world.run('install'));
    expect(downloads()).toBe(2);
    expectInstalled(await world.run('install'));
    expect(downloads()).toBe(2);
  });

  test('refuses what only the tarball shows', async () => {
    world = await makeWorld({ linker: 'node-modules' });
    publishAttack(
      world,
      coreAttacks.find((one) => one.id === 'hardlink')!,
    );
    world.dependencies({ evil: '1.0.0' });
    world.guard(false);
    expect((await world.run('install')).code).toBe(0);
    world.forgetProject();
    world.guard(true);
    expectInstalled(await world.run('install'));
    world.forgetProject();
    world.rc('tarwardenStrict: true');
    expectRefusal(await world.run('install'), /hardlink/);
    expectNothingLinked();
  });

  test('refuses an archive that does not hold what its tarball does', async () => {
    await poisoned(yarnZip({ name: 'fixture', files: { 'index.js': 'evil' } }));
    world.rc('tarwardenStrict: true');
    expectRefusal(await world.run('install', '--immutable'), /does not hold what its tarball does/);
    expectNothingLinked();
  });

  test('refuses what it cannot fetch', async () => {
    await poisoned(yarnZip({ name: 'fixture' }));
    world.rc('tarwardenStrict: true');
    const result = await world.runWith(offline, 'install', '--immutable');
    expect(result.code).toBe(1);
    expect(output(result)).toMatch(/YN00\d\d/);
    expectNothingLinked();
  });

  test('is content with an archive that another version of Yarn, or another level, compressed', async () => {
    world = await makeWorld({
      linker: 'node-modules',
      localCache: true,
      rc: ['compressionLevel: 9'],
    });
    world.registry.publish({ name: 'good' });
    world.dependencies({ good: '1.0.0' });
    world.guard(false);
    expectInstalled(await world.run('install'));
    cpSync(join(world.sandbox.project, '.yarn/cache'), join(world.sandbox.root, 'kept'), {
      recursive: true,
    });
    world.guard(true);
    world.rc('tarwardenStrict: true');
    expectInstalled(await world.runWith({ YARN_COMPRESSION_LEVEL: '0' }, 'install'));
  });
});
