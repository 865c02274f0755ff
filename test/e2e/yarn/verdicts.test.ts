/** Verdicts that a first install leaves: each stands for the very bytes that Yarn's cache keeps. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_POLICY, RULESET } from '@tarwarden/core';
import { openVerdictStore } from '@tarwarden/host';
import { afterEach, describe, expect, test } from 'vitest';
import { available } from '../../support/managers.ts';
import { expectInstalled, makeWorld, type World } from './world.ts';

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
        env: {},
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
