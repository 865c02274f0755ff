/**
 * Only the project, its workspaces and the folders that these name may depend on a folder or file of the machine. bun 1.4 holds
 * published packages to that for folders; the guard does for repositories, for what `bun link` has registered, and for archives.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { makeGitRepo } from '../../support/git.ts';
import { available, type Result } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { sri } from '../../support/registry.ts';
import {
  bare,
  closeBench,
  forget,
  guarded,
  hasLanded,
  makeBench,
  packageJson,
  SUBJECT,
} from './guarded.ts';

const BELOW = 'tarwarden-below';
const SAID = 'a folder or file of this machine, which only the project and its workspaces may name';

describe.skipIf(!available('bun').ok)('bun', () => {
  const bench = freshEach(() => makeBench(), closeBench);
  let home: string;
  let repository: string;
  let commit: string;
  let archive: Buffer;
  beforeEach(() => {
    home = bench.sandbox.home;
    archive = tgz({ name: BELOW });
    writeFileSync(join(home, 'mine.tgz'), archive);
    const manifest = { name: BELOW, version: '1.0.0' };
    bench.sandbox.write({ 'mine/package.json': manifest, 'mine/key': 'private' }, home);
    ({ url: repository, commit } = makeGitRepo(join(home, 'repository'), {
      'package.json': manifest,
    }));
    repository = `git+${repository}`;
  });

  const depend = (dependencies: object = { [SUBJECT]: '1.0.0' }, more: object = {}): void =>
    bench.sandbox.write(packageJson({ dependencies, ...more }));

  const publish = (manifest: object, packed: object = manifest): Buffer => {
    const bytes = tgz({ name: SUBJECT, manifest: { ...packed } });
    bench.registry.publish({ name: SUBJECT, manifest: { ...manifest }, tgz: bytes });
    return bytes;
  };

  const register = async (): Promise<void> => {
    expect(await bare(bench, ['link'], { cwd: join(home, 'mine') })).toMatchObject({ code: 0 });
  };

  function lock(entry: readonly unknown[], specifier: string): void {
    const dependencies = { [SUBJECT]: '1.0.0' };
    const below = { dependencies: { [BELOW]: specifier } };
    const packages = { [SUBJECT]: [`${SUBJECT}@1.0.0`, '', below, ''], [BELOW]: entry };
    const workspaces = { '': { name: 'project', dependencies } };
    bench.sandbox.write({ 'bun.lock': { lockfileVersion: 1, workspaces, packages } });
  }

  function expectRefused({ code, stderr }: Result, said = SAID): void {
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(said);
    expect(code).toBe(1);
    expect(hasLanded(bench)).toBe(false);
    expect(hasLanded(bench, BELOW)).toBe(false);
  }

  describe('refuses a published package that depends on', () => {
    test.each(['dependencies', 'optionalDependencies', 'peerDependencies'])(
      'a repository of this machine, in its %s',
      async (kind) => {
        publish({ [kind]: { [BELOW]: repository } });
        depend();
        const result = await guarded(bench, ['install']);
        expectRefused(result, `it depends on "${repository}", ${SAID}`);
        expect(result.stderr).toContain(`not inspected, so not installed: ${SUBJECT}@1.0.0`);
      },
    );

    test.each([[['install']], [['add', SUBJECT]], [['install', '--linker=isolated']]])(
      'what the user has registered for other projects: %j',
      async (args) => {
        publish({ dependencies: { [BELOW]: `link:${BELOW}` } });
        await register();
        depend(args[0] === 'add' ? {} : undefined);
        expectRefused(await guarded(bench, args));
      },
    );

    test('a repository, as the registry says alone', async () => {
      publish({ dependencies: { [BELOW]: repository } }, {});
      depend();
      expectRefused(await guarded(bench, ['install']), `a package depends on "${repository}#`);
    });

    test('a repository, in an install that a script starts', async () => {
      publish({ dependencies: { [BELOW]: `${repository}#HEAD` } });
      depend(undefined, { scripts: { go: 'bun install' } });
      expectRefused(await guarded(bench, ['run', 'go']));
    });

    test('a repository, and was fetched by its address, from git or as a file', async () => {
      const dependencies = { [BELOW]: repository };
      const bytes = publish({ dependencies });
      writeFileSync(join(home, 'subject.tgz'), bytes);
      const { url } = makeGitRepo(join(home, 'subject'), {
        'package.json': { name: SUBJECT, version: '1.0.0', dependencies },
      });
      for (const specifier of [
        bench.registry.file('subject.tgz', bytes),
        `file:${home}/subject.tgz`,
        `git+${url}`,
      ]) {
        depend({ [SUBJECT]: specifier });
        expectRefused(await guarded(bench, ['install']));
      }
    });

    test('an archive beside it, and is an archive itself', async () => {
      writeFileSync(
        join(home, 'subject.tgz'),
        publish({ dependencies: { [BELOW]: `file:${home}/mine.tgz` } }),
      );
      depend({ [SUBJECT]: `file:${home}/subject.tgz` });
      expectRefused(await guarded(bench, ['install']));
    });
  });

  test.each<[string, () => readonly [unknown[], string]]>([
    ['a repository', () => [[`${BELOW}@${repository}#${commit}`, {}, commit], repository]],
    ['an archive', () => [[`${BELOW}@${home}/mine.tgz`, {}, sri(archive)], `${home}/mine.tgz`]],
  ])('refuses %s that only the lockfile names', async (_, make) => {
    publish({ dependencies: { [BELOW]: '^1.0.0' } });
    depend();
    const [entry, specifier] = make();
    for (const said of ['^1.0.0', specifier]) {
      lock(entry, said);
      const result = await guarded(bench, ['install', '--frozen-lockfile']);
      expectRefused(result, 'the lockfile takes it from');
    }
  });

  describe('installs', () => {
    async function expectInstalled(args: readonly string[]): Promise<void> {
      expect(await guarded(bench, args)).toMatchObject({ code: 0 });
      expect(hasLanded(bench, BELOW)).toBe(true);
    }

    test('what the command line names', async () => {
      await register();
      for (const args of [
        ['add', repository],
        ['add', `${BELOW}@${repository}`],
        ['add', `${home}/mine.tgz`],
        ['add', '../home/mine.tgz'],
        ['add', '../home/mine'],
        ['add', `link:${BELOW}`],
        ['link', BELOW],
        ['link', '--save', BELOW],
      ]) {
        depend({});
        forget(bench);
        rmSync(join(bench.sandbox.project, 'bun.lock'), { force: true });
        // oxlint-disable-next-line no-await-in-loop
        await expectInstalled(args);
        // oxlint-disable-next-line no-await-in-loop
        expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
      }
    });

    test.each<[string, () => string]>([
      ['an archive', () => `${home}/mine.tgz`],
      ['a repository', () => repository],
    ])('%s that a command in a script names', async (_, specifier) => {
      depend({}, { scripts: { go: `bun add ${specifier()}` } });
      await expectInstalled(['run', 'go']);
    });

    test.each<[string, () => string]>([
      ['an archive', () => 'file:../mine.tgz'],
      ['a repository', () => repository],
      ['what is registered', () => `link:${BELOW}`],
    ])('%s that a folder of the project names', async (_, specifier) => {
      await register();
      const manifest = { name: 'mid', version: '1.0.0', dependencies: { [BELOW]: specifier() } };
      bench.sandbox.write({ 'mid/package.json': manifest }, home);
      depend({ mid: `file:${home}/mid` });
      await expectInstalled(['install']);
      forget(bench);
      await expectInstalled(['ci']);
    });

    test.each<[string, () => object]>([
      ['overrides', () => ({ overrides: { [BELOW]: repository } })],
      ['resolutions', () => ({ resolutions: { [BELOW]: `file:${home}/mine.tgz` } })],
    ])('what the project puts in the place of a dependency, by %s', async (_, fields) => {
      publish({ dependencies: { [BELOW]: '^1.0.0' } });
      depend(undefined, fields());
      await expectInstalled(['install']);
    });

    test('what a workspace names, and what a catalog does', async () => {
      const dependencies = { [BELOW]: 'catalog:' };
      bench.sandbox.write({
        'packages/a/package.json': { name: 'a', version: '1.0.0', dependencies },
      });
      depend({}, { workspaces: { packages: ['packages/*'], catalog: { [BELOW]: repository } } });
      await expectInstalled(['install', '--linker=hoisted']);
    });
  });
});
