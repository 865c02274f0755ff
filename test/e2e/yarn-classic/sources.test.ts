/** Sources of Yarn 1 beside the registry's tarballs: git, folders, an offline mirror, and servers that change their mind. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { tree } from '../../support/sandbox.ts';
import {
  cleanTarball,
  closeBench,
  duplicate,
  forgetModules,
  guarded,
  installedIn,
  lockfileOf,
  makeBench,
  must,
  PROJECT,
  publish,
  scriptsRun,
  SUBJECT,
  unguarded,
  useBench,
} from './guarded.ts';

const bench = useBench();

const inProject = (...path: string[]): string => join(bench.sandbox.project, ...path);
const files = { 'package.json': { name: SUBJECT, version: '1.0.0' }, 'index.js': 'ran\n' };

describe('git', () => {
  test('a clean repository is installed, cold, warm and frozen', async () => {
    const { spec } = bench.sandbox.gitRepo(SUBJECT, files);
    await must(guarded(bench, ['add', spec]));
    expect(readFileSync(join(installedIn(bench), 'index.js'), 'utf8')).toBe('ran\n');
    const lockfile = lockfileOf(bench);
    forgetModules(bench);
    await must(guarded(bench, ['install', '--frozen-lockfile', '--offline']));
    expect(existsSync(join(installedIn(bench), 'index.js'))).toBe(true);
    expect(lockfileOf(bench)).toBe(lockfile);
  });

  test.each(['../../../sentinel', '/etc/hostname'])('a link to %s is refused', async (target) => {
    const { spec } = bench.sandbox.gitRepo(SUBJECT, files, { symlinks: { 'guide.txt': target } });
    const before = tree(bench.sandbox.project);
    const result = await guarded(bench, ['add', spec]);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toMatch(/refused .*\n(?:.*\n)*.*error {4}symlink/);
    expect(tree(bench.sandbox.project)).toEqual(before);
    await must(unguarded(bench, ['add', spec]));
    expect(existsSync(installedIn(bench))).toBe(true);
  });

  test('a package that is prepared, and packed by Yarn, is installed', async () => {
    const scripts = { prepare: "node -e \"require('fs').writeFileSync('made.js', 'made')\"" };
    const { spec } = bench.sandbox.gitRepo(SUBJECT, {
      ...files,
      'package.json': { name: SUBJECT, version: '1.0.0', scripts },
    });
    await must(guarded(bench, ['add', spec]));
    expect(existsSync(join(installedIn(bench), 'made.js'))).toBe(true);
    forgetModules(bench);
    await must(guarded(bench, ['install', '--frozen-lockfile', '--offline']));
    expect(existsSync(join(installedIn(bench), 'made.js'))).toBe(true);
  });

  test('what is prepared gets no hostile dependency', async () => {
    publish(bench, duplicate(bench));
    const { spec } = bench.sandbox.gitRepo('outer', {
      'package.json': {
        name: 'outer',
        version: '1.0.0',
        scripts: { prepare: 'true' },
        devDependencies: { [SUBJECT]: '1.0.0' },
      },
    });
    const result = await guarded(bench, ['add', spec]);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain(`refused ${SUBJECT}@1.0.0`);
    expect(scriptsRun(bench)).toEqual([]);
  });

  test('a tar of an offline mirror is inspected as well', async () => {
    bench.sandbox.write({ '.yarnrc': 'yarn-offline-mirror "./mirror"\n' });
    mkdirSync(inProject('mirror'));
    const repository = bench.sandbox.gitRepo(SUBJECT, files, { symlinks: { out: '../../..' } });
    await must(unguarded(bench, ['add', repository.spec]));
    const [tar] = readdirSync(inProject('mirror')).filter((name) => name.startsWith(SUBJECT));
    // Yarn's own is empty where git ended before Yarn had opened the file, which happens on a busy machine.
    const output = `--output=${inProject('mirror', tar!)}`;
    execFileSync('git', ['archive', '--format=tar', output, repository.commit], {
      cwd: repository.dir,
    });
    forgetModules(bench);
    const env = { YARN_CACHE_FOLDER: join(bench.sandbox.root, 'other-cache') };
    const result = await guarded(bench, ['install', '--offline'], { env });
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain('symlink');
  });
});

describe('folders', () => {
  const folder = (links: Record<string, string>): void => {
    for (const [path, content] of Object.entries(files))
      bench.sandbox.write({ [`local/${path}`]: content });
    for (const [name, target] of Object.entries(links))
      symlinkSync(target, inProject('local', name));
  };

  test('is installed, with links that stay in it', async () => {
    folder({ inside: 'index.js', absolute: inProject('local', 'index.js') });
    await must(guarded(bench, ['add', 'file:./local']));
    expect(readFileSync(join(installedIn(bench), 'inside'), 'utf8')).toBe('ran\n');
  });

  test.each(['../../../../sentinel', '/etc/hostname'])(
    'is refused for a link to %s',
    async (target) => {
      folder({ guide: target });
      const before = tree(bench.sandbox.project);
      const result = await guarded(bench, ['add', 'file:./local']);
      expect(result).toMatchObject({ code: 1 });
      expect(result.stderr).toContain('guide is a link that leads out of the package');
      expect(tree(bench.sandbox.project)).toEqual(before);
      await must(unguarded(bench, ['add', 'file:./local']));
    },
  );

  test('link: is a link to it, as it was', async () => {
    folder({ guide: '/etc/hostname' });
    await must(guarded(bench, ['add', 'link:./local']));
    expect(readFileSync(join(installedIn(bench), 'index.js'), 'utf8')).toBe('ran\n');
  });
});

describe('an offline mirror', () => {
  const mirror = (): string[] => readdirSync(inProject('mirror')).toSorted();
  beforeEach(() => {
    bench.sandbox.write({ '.yarnrc': 'yarn-offline-mirror "./mirror"\n' });
    mkdirSync(inProject('mirror'));
  });

  test('gets what is accepted, and is what Yarn alone makes', async () => {
    publish(bench, cleanTarball(bench));
    await must(guarded(bench, ['add', SUBJECT]));
    expect(mirror()).toEqual(['tarwarden-neighbour-1.0.0.tgz', `${SUBJECT}-1.0.0.tgz`]);
    const held = readFileSync(inProject('mirror', `${SUBJECT}-1.0.0.tgz`));
    expect(held.equals(cleanTarball(bench))).toBe(true);
  });

  test('gets nothing in a run that is refused', async () => {
    publish(bench, duplicate(bench));
    expect(await guarded(bench, ['add', SUBJECT])).toMatchObject({ code: 1 });
    expect(mirror()).toEqual([]);
    await must(unguarded(bench, ['add', SUBJECT]));
    expect(mirror()).toHaveLength(2);
  });

  test('keeps a hostile tarball that was there before, which is refused', async () => {
    writeFileSync(inProject('mirror', `${SUBJECT}-1.0.0.tgz`), duplicate(bench));
    publish(bench, duplicate(bench));
    expect(await guarded(bench, ['add', SUBJECT])).toMatchObject({ code: 1 });
    expect(mirror()).toEqual([`${SUBJECT}-1.0.0.tgz`]);
  });

  test('does not lead a download to another file by a link', async () => {
    publish(bench, cleanTarball(bench));
    const target = join(bench.sandbox.root, 'target');
    symlinkSync(target, inProject('mirror', `${SUBJECT}-1.0.0.tgz`));
    await must(guarded(bench, ['add', SUBJECT]));
    expect(existsSync(target)).toBe(false);
    expect(readFileSync(inProject('mirror', `${SUBJECT}-1.0.0.tgz`)).length).toBeGreaterThan(0);
  });
});

describe('a server', () => {
  test('that answers the second download differently is caught', async () => {
    const url = bench.registry.file('subject.tgz', cleanTarball(bench));
    await must(guarded(bench, ['add', url]));
    forgetModules(bench);
    bench.registry.file('subject.tgz', duplicate(bench));
    const env = { YARN_CACHE_FOLDER: join(bench.sandbox.root, 'other-cache') };
    // The lockfile has a hash of what came first: Yarn says so by itself, and unpacks nothing.
    const result = await guarded(bench, ['install', '--frozen-lockfile'], { env });
    expect(result).toMatchObject({ code: 1 });
    expect(existsSync(installedIn(bench))).toBe(false);
    const updated = await guarded(bench, ['install', '--update-checksums'], { env });
    expect(updated).toMatchObject({ code: 1 });
    expect(updated.stderr).toContain('refused');
    expect(scriptsRun(bench)).toEqual(['neighbour', 'subject'].slice(0, 0));
  });

  test('whose bytes are not those of the lockfile is refused by Yarn, which says so as ever', async () => {
    publish(bench, cleanTarball(bench));
    await must(unguarded(bench, ['add', SUBJECT]));
    forgetModules(bench);
    publish(bench, cleanTarball(bench, { version: '1.0.0' }).subarray(0));
    const lockfile = lockfileOf(bench)!.replaceAll(/sha512-[^\s]{8}/g, 'sha512-AAAAAAAA');
    bench.sandbox.write({ 'yarn.lock': lockfile });
    const env = { YARN_CACHE_FOLDER: join(bench.sandbox.root, 'other-cache') };
    const messages: string[] = [];
    for (const guard of [unguarded, guarded]) {
      const { code, stderr } = await guard(bench, ['install', '--frozen-lockfile'], { env });
      messages.push(`${code} ${/Integrity check failed[^"]*/.exec(stderr)?.[0]}`);
    }
    expect(messages[0]).toContain('1 Integrity check failed');
    expect(messages[1]).toBe(messages[0]);
  });

  test('that has another package under a name is caught', async () => {
    bench.registry.publish({ name: SUBJECT, tgz: cleanTarball(bench, { name: 'another' }) });
    const result = await guarded(bench, ['add', SUBJECT]);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain('manifest-mismatch');
  });

  test('of an entry that has a sha1 alone is inspected', async () => {
    publish(bench, duplicate(bench));
    await must(unguarded(bench, ['add', '--ignore-scripts', SUBJECT]));
    forgetModules(bench);
    const lockfile = lockfileOf(bench)!.replaceAll(/\n {2}integrity .*/g, '');
    bench.sandbox.write({ 'yarn.lock': lockfile });
    for (const args of [['--frozen-lockfile'], ['--frozen-lockfile', '--offline']]) {
      const result = await guarded(bench, ['install', ...args]);
      expect(result.code).toBe(1);
    }
    expect(scriptsRun(bench)).toEqual([]);
  });

  test('with a token is asked with it', async () => {
    await closeBench(bench);
    Object.assign(bench, await makeBench('yarn-1', { auth: { token: 'secret' } }));
    publish(bench, duplicate(bench));
    const host = bench.registry.url.replace('http:', '');
    bench.sandbox.npmrc(`${host}/:_authToken=secret`, 'always-auth=true');
    const result = await guarded(bench, ['add', SUBJECT]);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain(`refused ${SUBJECT}@1.0.0`);
    expect(result.stderr).not.toContain('secret');
  });
});

test('yarn create runs no hostile package, and a clean one', async () => {
  bench.sandbox.write({ 'package.json': PROJECT });
  const name = `create-${SUBJECT}`;
  const manifest = { ...bench.manifest, bin: { [name]: './index.js' } };
  const made = attack('duplicate-path').build({ name, manifest });
  bench.registry.publish({ name, tgz: made, manifest });
  const args = ['create', SUBJECT, '--global-folder', join(bench.sandbox.root, 'global')];
  const result = await guarded(bench, args);
  expect(result).toMatchObject({ code: 1 });
  expect(result.stderr).toContain(`refused ${name}@1.0.0`);
  expect(scriptsRun(bench)).toEqual([]);
});
