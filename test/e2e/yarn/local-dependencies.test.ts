/**
 * Only the project, its workspaces and the folders that these name may depend on a folder or file of the machine. Yarn links to
 * it or packs it, and runs its scripts.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { makeGitRepo, EMPTY_YARN_LOCK } from '../../support/git.ts';
import { available, type YarnName } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { makeWorld, output, type Linker, type World } from './world.ts';

const SUBJECT = 'tarwarden-subject';
const DEPENDENCY = 'tarwarden-below';

/** How a published package may name something of the user's home folder. */
const ranges: Readonly<Record<string, (home: string) => string>> = {
  'an absolute file:': (home) => `file:${home}/mine`,
  'an absolute path': (home) => `${home}/mine`,
  'an absolute link:': (home) => `link:${home}/mine`,
  'an absolute portal:': (home) => `portal:${home}/mine`,
  'a portal: upwards': () => 'portal:../../../../home/mine',
  'a portal: that goes up on the way': () => 'portal:a/../../../../../home/mine',
  'an archive': (home) => `file:${home}/mine.tgz`,
  'an exec:': (home) => `exec:${home}/make.js`,
  'a patch: of the machine': (home) => `patch:tarwarden-neighbour@npm%3A1.0.0#${home}/mine.patch`,
  'a patch: of the project': () => 'patch:tarwarden-neighbour@npm%3A1.0.0#~/mine.patch',
  'a patch: of a folder': (home) =>
    `patch:${DEPENDENCY}@file%3A${encodeURIComponent(`${home}/mine`)}#./own.patch`,
  'a git repository': (home) => `git+file://${home}/repository#main`,
};

let world: World;
afterEach(() => world.dispose());

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
/** Both resolve alike. Yarn 3 too with `TARWARDEN_E2E_FULL=1`. */
const yarns = (['yarn-4', 'yarn-3'] as const)
  .slice(0, FULL ? undefined : 1)
  .filter((name) => available(name).ok);

/** All with Yarn 4; Yarn 3 resolves as that does, and takes every third unless TARWARDEN_E2E_FULL=1. */
const rangesOf = (yarn: YarnName): string[] =>
  Object.keys(ranges).filter(
    (_, at) => yarn !== 'yarn-3' || at % 3 === 0 || process.env['TARWARDEN_E2E_FULL'] === '1',
  );

async function prepare(yarn: YarnName, linker: Linker = 'node-modules'): Promise<void> {
  world = await makeWorld({ yarn, linker });
  const { home } = world.sandbox;
  const ran = (name: string): string => join(world.sandbox.root, name);
  const mine = {
    name: DEPENDENCY,
    version: '1.0.0',
    scripts: { postinstall: `touch ${ran('script-ran')}` },
  };
  world.sandbox.write(
    {
      'mine/package.json': mine,
      'mine/key': 'private',
      'make.js': `require('fs').writeFileSync(${JSON.stringify(ran('generator-ran'))}, '')`,
      'mine.patch': '',
    },
    home,
  );
  writeFileSync(join(home, 'mine.tgz'), tgz({ name: DEPENDENCY, manifest: mine }));
  makeGitRepo(join(home, 'repository'), { 'package.json': mine, 'yarn.lock': EMPTY_YARN_LOCK });
  world.registry.publish({ name: 'tarwarden-neighbour' });
  world.rc('enableScripts: true');
}

function publish(range: string, kind = 'dependencies'): void {
  world.registry.publish({ name: SUBJECT, manifest: { [kind]: { [DEPENDENCY]: range } } });
  world.dependencies({ [SUBJECT]: '1.0.0' });
}

async function expectRefused(...args: string[]): Promise<void> {
  const result = await world.run('install', ...args);
  expect(output(result)).toContain('a folder or file of this machine');
  expect(output(result)).toContain(`${SUBJECT}@1.0.0`);
  expect(result).toMatchObject({ code: 1 });
  const { root, project } = world.sandbox;
  expect(existsSync(join(root, 'script-ran'))).toBe(false);
  expect(existsSync(join(root, 'generator-ran'))).toBe(false);
  expect(existsSync(join(project, 'node_modules'))).toBe(false);
}

describe.each(yarns)('%s refuses a published package that depends on', (yarn) => {
  test.each(rangesOf(yarn))('%s', async (id) => {
    await prepare(yarn);
    publish(ranges[id]!(world.sandbox.home));
    await expectRefused();
  });

  test.each(['pnp', 'pnpm'] as const)('a folder, with the %s linker', async (linker) => {
    await prepare(yarn, linker);
    publish(`portal:${world.sandbox.home}/mine`);
    await expectRefused();
  });

  test('a folder, as an optional dependency', async () => {
    await prepare(yarn);
    publish(`portal:${world.sandbox.home}/mine`, 'optionalDependencies');
    await expectRefused();
  });

  test('a folder, where the lockfile was written unguarded', async () => {
    await prepare(yarn, 'pnp');
    publish(`portal:${world.sandbox.home}/mine`);
    world.guard(false);
    world.rc('enableScripts: false');
    expect(await world.run('install')).toMatchObject({ code: 0 });
    world.guard(true);
    world.forgetProject();
    await expectRefused('--immutable');
  });
});

describe.each(yarns)('%s installs', (yarn) => {
  const manifest = (name: string, dependencies: object): object => ({
    name,
    version: '1.0.0',
    dependencies,
  });

  test('folders that the project and its workspaces name, and those that they name', async () => {
    await prepare(yarn);
    const { home } = world.sandbox;
    world.sandbox.write(
      {
        'mine/package.json': manifest(DEPENDENCY, { second: 'file:../second' }),
        'second/package.json': manifest('second', { third: 'link:../3' }),
        '3/package.json': manifest('third', {}),
      },
      home,
    );
    world.sandbox.write({
      'packages/a/package.json': manifest('a', { [DEPENDENCY]: `portal:${home}/mine` }),
      'packages/b/package.json': manifest('b', { a: 'workspace:*', third: 'link:../../../home/3' }),
    });
    world.dependencies({ second: `file:${home}/second` }, { workspaces: ['packages/*'] });

    expect(await world.run('install')).toMatchObject({ code: 0 });
    world.forgetProject();
    expect(await world.run('install', '--immutable')).toMatchObject({ code: 0 });
  });

  test('what the project puts in the place of a dependency', async () => {
    await prepare(yarn);
    publish('^1.0.0');
    const { home } = world.sandbox;
    world.dependencies(
      { [SUBJECT]: '1.0.0' },
      { resolutions: { [DEPENDENCY]: `portal:${home}/mine` } },
    );
    expect(await world.run('install')).toMatchObject({ code: 0 });
    const installed = join(world.sandbox.project, 'node_modules', DEPENDENCY);
    expect(existsSync(join(installed, 'key'))).toBe(true);
  });

  test('what the project adds to a package', async () => {
    await prepare(yarn);
    world.registry.publish({ name: SUBJECT });
    world.dependencies({ [SUBJECT]: '1.0.0' });
    const folder = `link:${world.sandbox.home}/mine`;
    world.rc(
      'packageExtensions:',
      `  "${SUBJECT}@*":`,
      `    dependencies: { ${DEPENDENCY}: "${folder}" }`,
    );
    expect(await world.run('install')).toMatchObject({ code: 0 });
  });

  test('a package with a folder of its own, and one that Yarn patches itself', async () => {
    await prepare(yarn);
    const dependencies = { inner: 'file:./inner' };
    const files = { 'inner/package.json': '{"name":"inner","version":"1.0.0"}' };
    const archive = tgz({ name: SUBJECT, manifest: { dependencies }, files });
    world.registry.publish({ name: SUBJECT, manifest: { dependencies }, tgz: archive });
    world.registry.publish({ name: 'fsevents', version: '2.3.2' });
    world.registry.publish({ name: 'another', manifest: { dependencies: { fsevents: '^2.3.2' } } });
    // Yarn 3 insists on a file that it patches.
    world.dependencies({ [SUBJECT]: '1.0.0', ...(yarn === 'yarn-4' && { another: '1.0.0' }) });
    expect(await world.run('install')).toMatchObject({ code: 0 });
    const { project } = world.sandbox;
    expect(existsSync(join(project, 'node_modules', 'inner', 'package.json'))).toBe(true);
  });

  test('what dlx is told to run', async () => {
    await prepare(yarn);
    const mine = { ...manifest(DEPENDENCY, {}), bin: './run.js' };
    const { home } = world.sandbox;
    world.sandbox.write({ 'mine/package.json': mine, 'mine/run.js': 'console.log("ran")' }, home);
    world.dependencies({});
    const folder = `${DEPENDENCY}@file:${home}/mine`;
    const result = await world.run('dlx', '-p', folder, DEPENDENCY);
    expect(output(result)).not.toContain('of this machine');
  });

  test('what a package depends on, where the lockfile names a folder instead', async () => {
    await prepare(yarn);
    publish('^1.0.0');
    world.registry.publish({ name: DEPENDENCY });
    expect(await world.run('install')).toMatchObject({ code: 0 });
    world.forgetProject();
    const { lockfile } = world.state();
    const { home, project } = world.sandbox;
    const place = `file:${home}/mine#${home}/mine::hash=abcdef&locator=project%40workspace%3A.`;
    const edited = lockfile.replace(`"${DEPENDENCY}@npm:1.0.0"`, `"${DEPENDENCY}@${place}"`);
    expect(edited).not.toBe(lockfile);
    writeFileSync(join(project, 'yarn.lock'), edited);
    // Yarn by itself believes no lockfile in this.
    expect(await world.run('install')).toMatchObject({ code: 0 });
    expect(existsSync(join(project, 'node_modules', DEPENDENCY, 'key'))).toBe(false);
    expect(world.state().lockfile).toBe(lockfile);
  });
});
