/** Yarn 1's cache, which has the unpacked files of each package and its tarball. */
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

describe('a folder of the cache', () => {
  const OFFLINE = ['install', '--frozen-lockfile', '--offline'];

  test('whose tarball was changed is fetched again, and offline not used', async () => {
    await warm(unguarded);
    const other = tgz({ name: SUBJECT, manifest: bench.manifest, files: { 'index.js': evil } });
    writeFileSync(join(cached(bench), '.yarn-tarball.tgz'), other);
    writeFileSync(join(cached(bench), 'index.js'), evil);
    expect((await guarded(bench, OFFLINE)).code).toBe(1);
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

  test('that an unguarded Yarn filled with a hostile package is refused, online and offline', async () => {
    publish(bench, duplicate(bench));
    await must(unguarded(bench, ['add', '--ignore-scripts', SUBJECT]));
    forgetModules(bench);
    for (const args of [OFFLINE, ['install']]) {
      // oxlint-disable-next-line no-await-in-loop
      const result = await guarded(bench, args);
      expect(result).toMatchObject({ code: 1 });
      expect(result.stderr).toContain(`refused ${SUBJECT}@1.0.0`);
      expect(existsSync(installedIn(bench))).toBe(false);
    }
    expect(scriptsRun(bench)).toEqual([]);
  });
});

describe('a cache that somebody else filled', () => {
  test('serves offline once all of it was inspected, and then by what is remembered', async () => {
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
