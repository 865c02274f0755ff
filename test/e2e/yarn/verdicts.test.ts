/** Verdicts that a first install leaves: each stands for the very bytes that Yarn's cache keeps. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_POLICY, RULESET } from '@tarwarden/core';
import { openVerdictStore } from '@tarwarden/guard';
import { afterEach, describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { available } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { linesOf } from '../report/support.ts';
import { expectInstalled, makeWorld, output, type World } from './world.ts';

let world: World;
afterEach(async () => {
  await world.dispose();
});

describe.each(['yarn-4', 'yarn-3'] as const)('after a first install with %s', (yarn) => {
  // Yarn's own hash of a fresh archive is taken for the verdict; where it computes none, one of ours.
  test.skipIf(!available(yarn).ok).each(['throw', 'ignore', 'update', 'reset'])(
    'a verdict is remembered for exactly the bytes in the cache, with checksumBehavior: %s',
    async (behaviour) => {
      world = await makeWorld({ yarn, linker: 'node-modules' });
      world.rc(`checksumBehavior: ${behaviour}`);
      const manifest = { os: [process.platform], cpu: [process.arch] };
      world.registry.publish({ name: 'one' });
      world.registry.publish({ name: 'native', manifest });
      world.dependencies({ one: '1.0.0', native: '1.0.0' });
      expectInstalled(await world.run('install'));

      const store = openVerdictStore({
        ruleset: RULESET,
        policy: DEFAULT_POLICY,
        env: world.sandbox.env,
        directory: join(world.sandbox.root, 'xdg/cache/tarwarden/verdicts'),
      });
      for (const name of ['one', 'native']) {
        const digest = createHash('sha512')
          .update(readFileSync(world.archiveOf(name)))
          .digest();
        const verdict = store.get({
          integrity: `sha512-${digest.toString('base64')}`,
          format: 'yarn-zip',
          expected: { name, version: '1.0.0' },
        });
        expect(verdict).toMatchObject({
          status: 'accept',
          archive: { sha512: digest.toString('hex') },
        });
        expect(store.getLink(`yarn-zip:tarball-of:${digest.toString('hex')}`)).toMatch(
          /^[0-9a-f]{128}$/,
        );
      }
    },
  );
});

describe.each(['yarn-4', 'yarn-3'] as const)('a cache that is gone, with %s', (yarn) => {
  const begin = async (): Promise<void> => {
    world = await makeWorld({ yarn, linker: 'node-modules' });
    world.registry.publish({ name: 'one' });
    world.dependencies({ one: '1.0.0' });
    expectInstalled(await world.run('install'));
    world.forgetProject();
    for (const file of world.archives()) rmSync(file);
  };
  const again = async () => {
    const report = join(world.sandbox.root, 'report.ndjson');
    const result = await world.runWith({ TARWARDEN_REPORT: report }, 'install');
    const archives = linesOf(report).filter(({ type }) => type === 'archive');
    return { result, archives };
  };

  test.skipIf(!available(yarn).ok)('is filled again with what the lockfile demands', async () => {
    await begin();
    const { result, archives } = await again();
    expectInstalled(result);
    // Its tarball is the one that the archive was made of.
    expect(archives.map((one) => [one.format, one.remembered])).toEqual([['yarn-zip', true]]);
    expect(world.archives().filter((file) => file.includes('one-'))).not.toEqual([]);
  });

  test.skipIf(!available(yarn).ok).each(['checksumBehavior: update', 'tarwardenStrict: true'])(
    'has its tarballs inspected again, with %s',
    async (line) => {
      await begin();
      world.rc(line);
      // In strict mode a tarball that was inspected here once is enough.
      if (line.startsWith('tarwarden'))
        rmSync(join(world.sandbox.root, 'xdg/cache/tarwarden'), { recursive: true });
      const { result, archives } = await again();
      expectInstalled(result);
      expect(archives.map((one) => [one.format, one.remembered])).toContainEqual(['npm', false]);
    },
  );

  const other = tgz({ name: 'one', manifest: { description: 'of somebody else' } });
  const hostile = attack('symlink').build({ name: 'one' });
  test.skipIf(!available(yarn).ok).each([
    ['other content', other],
    ['a link that leaves the package', hostile],
    ['half of it', other.subarray(0, other.length >> 1)],
  ])('gets nothing of a tarball with %s, whose archive is another', async (_, bytes) => {
    await begin();
    world.registry.publish({ name: 'one', tgz: bytes });
    const { result } = await again();
    expect(result.code).toBe(1);
    expect(output(result)).toMatch(/YN0018|ZlibError|tarwarden: refused/);
    expect(world.archives().filter((file) => file.includes('one-'))).toEqual([]);
    expect(existsSync(join(world.sandbox.project, 'node_modules/one'))).toBe(false);
  });

  test.skipIf(!available(yarn).ok)(
    'gets nothing of another tarball of the same archive',
    async () => {
      await begin();
      // Yarn reads the first member of gzip alone.
      world.registry.publish({ name: 'one', tgz: Buffer.concat([tgz({ name: 'one' }), hostile]) });
      const { result } = await again();
      expect(result.code).toBe(1);
      expect(output(result)).toContain('gzip-trailing');
      expect(world.archives().filter((file) => file.includes('one-'))).toEqual([]);
    },
  );
});
