/** A hostile package under each setting of a project's .yarnrc.yml that could matter. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { available, type YarnName } from '../../support/managers.ts';
import { payload, unpackedBelow } from '../../support/payload.ts';
import { triesOf } from '../../support/settings/tries.ts';
import { makeWorld, output, type World } from './world.ts';

let world: World;
afterEach(async () => {
  world.sandbox.assertSentinelUntouched();
  await world.dispose();
});

const SUBJECT = 'tarwarden-subject';

async function project(yarn: YarnName): Promise<void> {
  world = await makeWorld({ yarn });
  world.registry.publish({ name: SUBJECT, tgz: payload(SUBJECT) });
  world.registry.publish({ name: 'tarwarden-neighbour' });
  world.dependencies({ [SUBJECT]: '1.0.0', 'tarwarden-neighbour': '1.0.0' });
}

describe('a hostile package', () => {
  test('is installed where nothing guards it', async () => {
    await project('yarn-4');
    world.rc('nodeLinker: node-modules');
    world.guard(false);
    expect(await world.run('install')).toMatchObject({ code: 0 });
    expect(unpackedBelow(world.sandbox.project)).toHaveLength(1);
  });

  const tries = triesOf('yarn').filter(({ major }) => available(`yarn-${major}` as YarnName).ok);
  test.each(tries)('is refused by Yarn $major with $name: $value', async (one) => {
    await project(`yarn-${one.major}` as YarnName);
    const line = `${one.name}: ${one.value.replace('$REGISTRY', world.registry.url)}`;
    world.rc(line);
    const result = await world.run('install');
    expect(result).toMatchObject({ code: 1 });
    expect(output(result)).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    expect(unpackedBelow(world.sandbox.root)).toEqual([]);
    expect(world.archives().filter((file) => file.includes(SUBJECT))).toEqual([]);
  });
});

test.each(['yarn-3', 'yarn-4'] as const)(
  'has %s write nowhere else if a folder of the checkout above the project has it',
  async (yarn) => {
    world = await makeWorld({ yarn, localCache: true });
    const above = (name: string): string => join(world.sandbox.root, name);
    const text = `cacheFolder: ${JSON.stringify(above('elsewhere'))}\n`;
    writeFileSync(above('.yarnrc.yml'), text);
    world.dependencies({});
    const env = { YARN_CACHE_FOLDER: undefined, YARN_ENABLE_GLOBAL_CACHE: undefined };
    // The user's own, as long as nothing there is a project.
    expect(await world.runWith(env, 'install')).toMatchObject({ code: 0 });
    expect(existsSync(above('elsewhere'))).toBe(true);
    rmSync(above('elsewhere'), { recursive: true });
    writeFileSync(above('package.json'), '{"name": "above"}');
    const result = await world.runWith(env, 'install');
    expect(result).toMatchObject({ code: 1 });
    expect(output(result)).toContain('cacheFolder in a .yarnrc.yml of the repository');
    expect(existsSync(above('elsewhere'))).toBe(false);
  },
);
