/** Yarn 1 takes a manifest in a file `.yarn-metadata.json` for that of the package, without a look at package.json. */
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { tgz } from '../../support/pkg.ts';
import {
  cached,
  cleanTarball,
  forgetModules,
  guarded,
  installedIn,
  must,
  PROJECT,
  publish,
  scriptsRun,
  SUBJECT,
  unguarded,
  useBench,
} from './guarded.ts';

const bench = useBench();
let outside: string;
beforeEach(() => {
  outside = join(bench.sandbox.root, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'own'), 'of the user', { mode: 0o600 });
});

const FAR_UP = '../'.repeat(32);

/** What no package.json could say: Yarn has checked no name and no path of it. */
const planted = (): Record<string, unknown> => ({
  name: SUBJECT,
  version: '1.0.0',
  scripts: { postinstall: `touch ${join(bench.marks, 'hidden')}` },
  bin: { [`${FAR_UP}${outside}/link`]: `${FAR_UP}${outside}/own` },
});
const note = (): string => JSON.stringify({ manifest: planted() });

function expectPlanted(): void {
  expect(readdirSync(outside)).toContain('link');
  expect(statSync(join(outside, 'own')).mode & 0o777).toBe(0o755);
}

function expectUntouched(): void {
  expect(readdirSync(outside)).toEqual(['own']);
  expect(statSync(join(outside, 'own')).mode & 0o777).toBe(0o600);
}

const FILE = '.yarn-metadata.json';

describe('a manifest for Yarn alone', () => {
  const hiding = (files: Record<string, string>, manifest = {}): Buffer =>
    tgz({ name: SUBJECT, manifest, files });

  test.each(['', '--no-lockfile'])('in a package of a registry is not used %s', async (option) => {
    publish(bench, hiding({ [FILE]: note() }));
    await must(guarded(bench, ['add', SUBJECT, ...[option].filter((one) => one !== '')]));
    expect(scriptsRun(bench)).toEqual(['neighbour']);
    expectUntouched();
  });

  test('is what Yarn alone uses', async () => {
    publish(bench, hiding({ [FILE]: note() }));
    await must(unguarded(bench, ['add', SUBJECT]));
    expect(scriptsRun(bench)).toEqual(['hidden', 'neighbour']);
    expectPlanted();
  });

  test('of a package that is bundled is not used', async () => {
    const bundled = { name: 'inner', version: '1.0.0' };
    const files = {
      'node_modules/inner/package.json': JSON.stringify(bundled),
      [`node_modules/inner/${FILE}`]: note(),
    };
    const manifest = { bundledDependencies: ['inner'], dependencies: { inner: '1.0.0' } };
    bench.registry.publish({ name: 'inner' });
    bench.registry.publish({ name: SUBJECT, tgz: hiding(files, manifest), manifest });
    await must(guarded(bench, ['add', SUBJECT]));
    expectUntouched();
  });

  test('in a folder that is copied, or in a workspace, is not used', async () => {
    const dependencies = { [SUBJECT]: 'file:./copied' };
    bench.sandbox.write({
      'package.json': { ...PROJECT, dependencies, workspaces: ['member'] },
      'copied/package.json': { name: SUBJECT, version: '1.0.0' },
      [`copied/${FILE}`]: note(),
      'member/package.json': { name: 'member', version: '1.0.0' },
      [`member/${FILE}`]: note(),
    });
    await must(guarded(bench, ['install']));
    expect(scriptsRun(bench)).toEqual([]);
    expectUntouched();
  });
});

describe('the note of a folder in the cache', () => {
  const OFFLINE = ['install', '--frozen-lockfile', '--offline'];
  const file = (): string => join(cached(bench), FILE);
  const change = (): void => {
    const noted = JSON.parse(readFileSync(file(), 'utf8')) as Record<string, unknown>;
    writeFileSync(file(), JSON.stringify({ ...noted, manifest: planted() }));
  };

  async function warm(guard: typeof guarded): Promise<void> {
    publish(bench, cleanTarball(bench));
    await must(guard(bench, ['add', SUBJECT]));
    forgetModules(bench);
  }

  test.each([
    ['guarded', guarded],
    ['unguarded', unguarded],
  ])(
    'that was changed, of an install that was %s, says nothing about the package',
    async (_how, guard) => {
      await warm(guard);
      change();
      for (const args of [OFFLINE, OFFLINE]) {
        await must(guarded(bench, args));
        expect(scriptsRun(bench)).toEqual(['neighbour', 'subject']);
        forgetModules(bench);
      }
      expectUntouched();
      await must(unguarded(bench, OFFLINE));
      expectPlanted();
    },
  );
});

test('a package with a tarball of the name that Yarn keeps its own by has nothing installed of that', async () => {
  const inner = tgz({ name: SUBJECT, files: { 'index.js': 'evil' } });
  const files = { '.yarn-tarball.tgz': inner, 'index.js': 'outer' };
  publish(bench, tgz({ name: SUBJECT, manifest: bench.manifest, files }));
  const code = (): string => readFileSync(join(installedIn(bench), 'index.js'), 'utf8');
  await must(guarded(bench, ['add', SUBJECT]));
  expect(code()).toBe('outer');
  expect(readFileSync(join(cached(bench), '.yarn-tarball.tgz'))).toEqual(inner);
  forgetModules(bench);
  // The tarball in the cache is not the promised one, so the folder is not used.
  const env = { XDG_CACHE_HOME: join(bench.sandbox.root, 'empty') };
  expect((await guarded(bench, ['install', '--offline'], { env })).code).toBe(1);
  await must(guarded(bench, ['install'], { env }));
  expect(code()).toBe('outer');
});
