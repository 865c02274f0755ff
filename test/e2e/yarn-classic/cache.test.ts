/** Yarn 1's cache: what is in it was unpacked before, by whom nobody knows. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { tgz } from '../../support/pkg.ts';
import {
  cached,
  cacheOf,
  cleanTarball,
  duplicate,
  forgetModules,
  guarded,
  installedIn,
  must,
  publish,
  scriptsRun,
  SUBJECT,
  unguarded,
  useBench,
} from './guarded.ts';

const bench = useBench();
beforeEach(() => publish(bench, cleanTarball(bench)));

const code = (): string => readFileSync(join(installedIn(bench), 'index.js'), 'utf8');
const evil = '#!/usr/bin/env node\nconsole.log("evil");\n';

/** Fills the cache, and takes the rest of the install away. */
async function warm(guard = guarded): Promise<void> {
  await must(guard(bench, ['add', SUBJECT]));
  forgetModules(bench);
}

describe('a folder that holds something else than its tarball', () => {
  const changes: readonly (readonly [string, (folder: string) => void])[] = [
    ['another file', (folder) => writeFileSync(join(folder, 'index.js'), evil)],
    ['a file more', (folder) => writeFileSync(join(folder, 'more.js'), evil)],
    ['a link', (folder) => symlinkSync('../../../..', join(folder, 'link'))],
  ];

  test.each(changes)('is fetched again: %s', async (_what, change) => {
    await warm();
    change(cached(bench));
    const { stderr } = await must(guarded(bench, ['install', '--frozen-lockfile']));
    expect(stderr).toContain(
      `Yarn's cache does not hold of ${SUBJECT}@1.0.0 what its tarball does`,
    );
    expect(code()).toContain('ran');
    expect(existsSync(join(installedIn(bench), 'more.js'))).toBe(false);
    expect(existsSync(join(installedIn(bench), 'link'))).toBe(false);
  });

  test.each(changes)('stops an install offline: %s', async (_what, change) => {
    await warm();
    change(cached(bench));
    const result = await guarded(bench, ['install', '--frozen-lockfile', '--offline']);
    expect(result.code).toBe(1);
    expect(existsSync(installedIn(bench))).toBe(false);
    expect(scriptsRun(bench)).toEqual([]);
  });

  test('is what Yarn alone installs', async () => {
    await warm();
    writeFileSync(join(cached(bench), 'index.js'), evil);
    await must(unguarded(bench, ['install', '--frozen-lockfile', '--offline']));
    expect(code()).toBe(evil);
  });

  test('is found out also where nothing was remembered, and where its tarball was changed to fit', async () => {
    await warm(unguarded);
    writeFileSync(join(cached(bench), 'index.js'), evil);
    const other = tgz({ name: SUBJECT, manifest: bench.manifest, files: { 'index.js': evil } });
    writeFileSync(join(cached(bench), '.yarn-tarball.tgz'), other);
    const offline = await guarded(bench, ['install', '--frozen-lockfile', '--offline']);
    expect(offline.code).toBe(1);
    await must(guarded(bench, ['install', '--frozen-lockfile']));
    expect(code()).toContain('ran');
  });

  test('is fetched again without its tarball', async () => {
    await warm(unguarded);
    rmSync(join(cached(bench), '.yarn-tarball.tgz'));
    writeFileSync(join(cached(bench), 'index.js'), evil);
    await must(guarded(bench, ['install', '--frozen-lockfile']));
    expect(code()).toContain('ran');
  });
});

describe('a cache that somebody else filled', () => {
  test('serves offline once all of it was compared, and then by what is remembered', async () => {
    await warm(unguarded);
    const env = { TARWARDEN_SUMMARY: '1' };
    const offline = ['install', '--frozen-lockfile', '--offline'];
    const first = await must(guarded(bench, offline, { env }));
    expect(first.stderr).toContain('2 inspected, 2 accepted');
    forgetModules(bench);
    const second = await must(guarded(bench, offline, { env }));
    expect(second.stderr).toContain('2 inspected (2 remembered), 2 accepted');
    expect(code()).toContain('ran');
    expect(scriptsRun(bench)).toEqual(['neighbour', 'subject']);
  });

  test('serves after it was copied, as CI does', async () => {
    await warm();
    const cache = cacheOf(bench.sandbox);
    cpSync(cache, `${cache}-saved`, { recursive: true, verbatimSymlinks: true });
    rmSync(cache, { recursive: true });
    renameSync(`${cache}-saved`, cache);
    await must(guarded(bench, ['install', '--frozen-lockfile', '--offline']));
    expect(code()).toContain('ran');
  });

  test('may be the repository’s: what is hostile in it is refused', async () => {
    publish(bench, duplicate(bench));
    bench.sandbox.write({ '.yarnrc': 'cache-folder "./cache"\n' });
    const env = { YARN_CACHE_FOLDER: undefined };
    await must(unguarded(bench, ['add', '--ignore-scripts', SUBJECT], { env }));
    forgetModules(bench);
    const result = await guarded(bench, ['install', '--offline'], { env });
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain(`refused ${SUBJECT}@1.0.0`);
    expect(scriptsRun(bench)).toEqual([]);
  });

  test('may not lead out of itself', async () => {
    await warm();
    const above = dirname(dirname(cached(bench)));
    const outside = join(bench.sandbox.root, 'outside');
    renameSync(above, outside);
    symlinkSync(outside, above);
    appendFileSync(join(outside, 'kept'), 'mine');
    const result = await guarded(bench, ['install', '--frozen-lockfile']);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain("leads out of Yarn's cache");
    expect(readFileSync(join(outside, 'kept'), 'utf8')).toBe('mine');
  });
});
