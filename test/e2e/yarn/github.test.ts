/**
 * GitHub's archive of a repository, which Yarn unpacks to the disk and packs there. No test asks GitHub: a plugin of
 * the test answers for it, before the guard's own look, and git is told that the repository is a local one.
 */
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY, inspect } from '@tarwarden/core';
import { approveAll } from '../../support/approval.ts';
import { coreAttacks, SENTINEL } from '../../support/attacks.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { EMPTY_YARN_LOCK } from '../../support/git.ts';
import { gzip } from '../../support/gzip.ts';
import { available } from '../../support/managers.ts';
import { archive, end, entry } from '../../support/tar.ts';
import { expectInstalled, expectRefusal, makeWorld, type World } from './world.ts';

const REPOSITORY = 'https://github.com/owner/project';
/** What Yarn takes for the user's name on GitHub, and a URL for a host. */
const ELSEWHERE = 'https://evil.example?@github.com';
const answering = (bytes: string, log: string): string => `
  module.exports = { name: 'answering', factory: () => ({ hooks: {
    async wrapNetworkRequest(executor, { target }) {
      if (!String(target).includes('github.com/owner/project/archive/')) return executor;
      require('fs').appendFileSync(${JSON.stringify(log)}, target + '\\n');
      return async () => ({ statusCode: 200, headers: {}, body: require('fs').readFileSync(${JSON.stringify(bytes)}) });
    },
  } }) };
`;

const manifest = { name: 'project', version: '1.0.0' };
const repository = (...more: Buffer[]): Buffer =>
  gzip(
    archive(
      entry({ name: 'project-main/package.json', body: JSON.stringify(manifest) }),
      entry({ name: 'project-main/yarn.lock', body: EMPTY_YARN_LOCK }),
      entry({ name: 'project-main/from', body: 'archive' }),
      more,
      end(),
    ),
  );

const world = freshEach(() => makeWorld({ linker: 'node-modules' }));
let asked: () => string[];
let answers: string;

/** A dependency whose archive is `bytes`, and whose clone holds the same and, maybe, links. */
function dependOn(bytes: Buffer, symlinks: Record<string, string> = {}): string {
  const { root, project } = world.sandbox;
  const files = { 'package.json': manifest, 'yarn.lock': EMPTY_YARN_LOCK, from: 'clone' };
  const { url, commit } = world.sandbox.gitRepo('project', files, { symlinks });
  appendFileSync(join(root, 'gitconfig'), `[url "${url}"]\n\tinsteadOf = ${REPOSITORY}.git\n`);
  const [file, log] = [join(root, 'archive.tar.gz'), join(root, 'asked.log')];
  writeFileSync(file, bytes);
  world.sandbox.write({ '.yarn/plugins/answering.cjs': answering(file, log) });
  answers = join(project, '.yarn/plugins/answering.cjs');
  world.dependencies({ project: `${REPOSITORY}.git#commit=${commit}` });
  asked = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
  return commit;
}

// Of the plugins that the environment names, hooks are asked first: the guard's sees what the test's answers.
const install = (): ReturnType<World['run']> => world.runWith({ YARN_PLUGINS: answers }, 'install');

/** An archive with a file that lies behind one of its links. */
function through(): Buffer {
  const link = entry({ name: 'project-main/l', typeflag: '2', linkname: world.sandbox.sentinel });
  return repository(link, entry({ name: 'project-main/l/planted', body: 'x' }));
}

/** Tells git that these addresses are the local repository as well. */
function toClone(...addresses: string[]): void {
  const file = join(world.sandbox.root, 'gitconfig');
  const url = /\[url "([^"]+)"\]/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  const lines = addresses.map((one) => `[url "${url}"]\n\tinsteadOf = "${one}"\n`);
  appendFileSync(file, lines.join(''));
}

const installedFrom = (): string =>
  readFileSync(join(world.sandbox.project, 'node_modules/project/from'), 'utf8');

describe.skipIf(!available('yarn-4').ok)('the archive of a repository on GitHub', () => {
  test('is used where it is in order', async () => {
    dependOn(repository());
    expectInstalled(await install());
    expect(asked()).toHaveLength(1);
    expect(installedFrom()).toBe('archive');
  });

  test('is unpacked where its links stay inside, and a link in what is packed is refused for good', async () => {
    const link = entry({ name: 'project-main/link', typeflag: '2', linkname: 'from' });
    dependOn(repository(link));
    expectRefusal(await install(), /package\/link/);
    expect(asked()).toHaveLength(1);
    expect(existsSync(join(world.sandbox.project, 'node_modules/project'))).toBe(false);
  });

  test.each([
    ['a link that leaves it', entry({ name: 'project-main/l', typeflag: '2', linkname: SENTINEL })],
    ['a path that leaves it', entry({ name: `project-main/${SENTINEL}/planted`, body: 'x' })],
  ])('with %s is not unpacked: Yarn clones', async (_title, odd) => {
    dependOn(repository(odd));
    expectInstalled(await install());
    expect(asked()).toHaveLength(1);
    expect(installedFrom()).toBe('clone');
    world.sandbox.assertSentinelUntouched();
  });

  // Yarn's own reader writes through a link of the archive, so the refusal of what is packed in the end comes too late.
  test.each(['yarn-4', 'yarn-3'] as const)(
    'is not unpacked either where the address leads to another host (%s)',
    async (yarn) => {
      await world.dispose();
      Object.assign(world, await makeWorld({ yarn, linker: 'node-modules' }));
      const commit = dependOn(through());
      const elsewhere = `${ELSEWHERE}/owner/project.git`;
      toClone(elsewhere, elsewhere.replace('?', '/?'));
      world.dependencies({ project: `${elsewhere}#commit=${commit}` });
      await install();
      expect(asked()).toEqual([`${ELSEWHERE}/owner/project/archive/${commit}.tar.gz`]);
      world.sandbox.assertSentinelUntouched();
    },
  );

  test('is not unpacked either where the lockfile leads to another path', async () => {
    const commit = dependOn(through());
    expectInstalled(await install());
    const { lockfile } = world.state();
    world.sandbox.write({
      'yarn.lock': lockfile.replace(/(resolution: .*#commit=)\w+/, '$1../tarball/main?'),
    });
    rmSync(world.archiveOf('project'));
    expect(lockfile).toContain(commit);
    await install();
    expect(asked()).toContain(`${REPOSITORY}/archive/../tarball/main?.tar.gz`);
    world.sandbox.assertSentinelUntouched();
  });

  test('is not unpacked either where Yarn keeps the answer for a dependency on its address', async () => {
    const commit = dependOn(through());
    const range = `${REPOSITORY}.git#commit=${commit}`;
    world.dependencies({ address: `${REPOSITORY}/archive/${commit}.tar.gz`, project: range });
    expectRefusal(await install(), /symlink/);
    expect(asked()).toHaveLength(1);
    world.sandbox.assertSentinelUntouched();
  });

  test('is not unpacked either where the repository excepts what is wrong with it', async () => {
    const bytes = through();
    dependOn(bytes);
    const { findings, archive: inspected } = inspect(bytes, {
      policy: { ...DEFAULT_POLICY, links: 'contained' },
    });
    const exceptions = findings.map(({ rule }) => ({
      package: 'project@1.0.0',
      rule,
      sha512: inspected.sha512,
      reason: 'none',
      expires: '2999-01-01',
    }));
    expect(exceptions).not.toEqual([]);
    world.sandbox.write({ 'tarwarden.json': { exceptions } });
    await approveAll({ env: world.sandbox.env, cwd: world.sandbox.project });
    expectInstalled(await install());
    expect(installedFrom()).toBe('clone');
    world.sandbox.assertSentinelUntouched();
  });

  test('and a clone with the same link are refused', async () => {
    const link = entry({ name: 'project-main/l', typeflag: '2', linkname: SENTINEL });
    dependOn(repository(link), { l: SENTINEL });
    const state = world.state();
    expectRefusal(await install(), /symlink/);
    expect(world.state()).toEqual(state);
    expect(existsSync(join(world.sandbox.project, 'node_modules/project'))).toBe(false);
    world.sandbox.assertSentinelUntouched();
  });

  test('as a plain tarball dependency is inspected as one', async () => {
    dependOn(coreAttacks[0]!.build({ name: 'project' }));
    world.dependencies({ project: `${REPOSITORY}/archive/main.tar.gz` });
    expectRefusal(await install(), /symlink/);
    expect(world.archives()).toEqual([]);
  });
});
