/** Lockfiles that were changed so that a hostile package comes in under what they say. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { available, type YarnName } from '../../support/managers.ts';
import { harmlessPayload, payload, unpackedBelow } from '../../support/payload.ts';
import { expectInstalled, expectRefusal, makeWorld, type World } from './world.ts';

const SUBJECT = 'tarwarden-subject';
const RESOLUTION = `resolution: "${SUBJECT}@npm:1.0.0"`;

let world: World;
afterEach(async () => {
  world.sandbox.assertSentinelUntouched();
  await world.dispose();
});

/** How the lockfile is changed, its checksum gone already. */
const changes: Record<string, (lockfile: string) => string> = {
  'no checksum': (lockfile) => lockfile,
  'another platform': (lockfile) => lockfile.replace(RESOLUTION, `$&\n  conditions: os=win32`),
  'a soft link': (lockfile) => lockfile.replace(/(tarwarden-subject[^]*?linkType: )hard/, '$1soft'),
  'another address': (lockfile) => {
    const address = encodeURIComponent(world.registry.file('other.tgz', payload(SUBJECT)));
    return lockfile.replace(
      RESOLUTION,
      `resolution: "${SUBJECT}@npm:1.0.0::__archiveUrl=${address}"`,
    );
  },
};

const yarns: readonly YarnName[] = ['yarn-3', 'yarn-4'];

describe.each(yarns.filter((yarn) => available(yarn).ok))('%s', (yarn) => {
  async function changed(change: (lockfile: string) => string, bytes: Buffer): Promise<void> {
    world = await makeWorld({ yarn, linker: 'node-modules' });
    world.guard(false);
    world.registry.publish({ name: SUBJECT, tgz: harmlessPayload(SUBJECT) });
    world.dependencies({ [SUBJECT]: '1.0.0' });
    expectInstalled(await world.run('install'));
    const file = join(world.sandbox.project, 'yarn.lock');
    const unpinned = readFileSync(file, 'utf8').replace(/^ {2}checksum:.*\n/gm, '');
    writeFileSync(file, change(unpinned));
    world.forgetProject();
    for (const archive of world.archives()) rmSync(archive);
    world.registry.publish({ name: SUBJECT, tgz: bytes });
    world.guard(true);
  }

  test.each(Object.entries(changes))('refuses where the lockfile says: %s', async (_, change) => {
    await changed(change, payload(SUBJECT));
    expectRefusal(await world.run('install'));
    expect(unpackedBelow(world.sandbox.root)).toEqual([]);
  });

  test('takes a clean package that the lockfile no longer pins', async () => {
    await changed((lockfile) => lockfile, harmlessPayload(SUBJECT));
    expectInstalled(await world.run('install'));
    expect(unpackedBelow(world.sandbox.project)).toHaveLength(1);
  });
});
