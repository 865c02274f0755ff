/**
 * GitHub's archive of a repository, which Yarn unpacks to the disk and packs there. No test asks GitHub: a plugin of
 * the test answers for it, before the guard's own look, and git is told that the repository is a local one.
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { coreAttacks, SENTINEL } from '../../support/attacks.ts';
import { EMPTY_YARN_LOCK } from '../../support/git.ts';
import { gzip } from '../../support/gzip.ts';
import { available } from '../../support/managers.ts';
import { archive, end, entry } from '../../support/tar.ts';
import { expectInstalled, expectRefusal, makeWorld, type World } from './world.ts';

const REPOSITORY = 'https://github.com/owner/project';
const answering = (bytes: string, log: string): string => `
  module.exports = { name: 'answering', factory: () => ({ hooks: {
    async wrapNetworkRequest(executor, { target }) {
      if (!String(target).startsWith('${REPOSITORY}/archive/')) return executor;
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

let world: World;
let asked: () => string[];
let answers: string;
beforeEach(async () => {
  world = await makeWorld({ linker: 'node-modules' });
});
afterEach(async () => {
  await world.dispose();
});

/** A dependency whose archive is `bytes`, and whose clone holds the same and, maybe, links. */
function dependOn(bytes: Buffer, symlinks: Record<string, string> = {}): void {
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
}

// Of the plugins that the environment names, hooks are asked first: the guard's sees what the test's answers.
const install = (): ReturnType<World['run']> => world.runWith({ YARN_PLUGINS: answers }, 'install');

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

  test('and a clone with the same link are refused', async () => {
    const link = entry({ name: 'project-main/l', typeflag: '2', linkname: SENTINEL });
    dependOn(repository(link), { l: SENTINEL });
    const state = world.state();
    expectRefusal(await install(), /symlink/);
    expect(world.state()).toEqual(state);
    expect(existsSync(join(world.sandbox.project, 'node_modules/project'))).toBe(false);
    world.sandbox.assertSentinelUntouched();
  });

  test('as a plain tarball dependency is judged as one', async () => {
    dependOn(coreAttacks[0]!.build({ name: 'project' }));
    world.dependencies({ project: `${REPOSITORY}/archive/main.tar.gz` });
    expectRefusal(await install(), /symlink/);
    expect(world.archives()).toEqual([]);
  });
});
