/** A hostile package under settings of a project's .yarnrc.yml that could blind the guard, or choose other bytes. */
import { afterEach, describe, expect, test } from 'vitest';
import { available, type YarnName } from '../../support/managers.ts';
import { payload, unpackedBelow } from '../../support/payload.ts';
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

  const lines = [
    'enableMessageNames: false',
    'checksumBehavior: ignore',
    'enableHardenedMode: false',
    'enableImmutableCache: false',
    'npmRegistryServer: "$REGISTRY"',
    'packageExtensions: {"tarwarden-neighbour@*": {dependencies: {tarwarden-subject: "1.0.0"}}}',
    'enableGlobalCache: false',
    'cacheFolder: ./other',
    'installStatePath: ./other.gz',
    'nodeLinker: node-modules',
    'pnpMode: loose',
    'taskPoolMode: async',
  ];
  const yarns = (['yarn-4', 'yarn-3'] as const).filter((name) => available(name).ok);
  test.each(
    lines.map((line, at) => ({
      line,
      // Yarn 3 does not know these.
      yarn: /^(?:taskPoolMode|enableHardenedMode)/.test(line)
        ? 'yarn-4'
        : yarns[at % yarns.length]!,
    })),
  )('is refused by $yarn with $line', async ({ line, yarn }) => {
    await project(yarn as YarnName);
    world.rc(line.replace('$REGISTRY', world.registry.url));
    const result = await world.run('install');
    expect(result).toMatchObject({ code: 1 });
    expect(output(result)).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    expect(unpackedBelow(world.sandbox.root)).toEqual([]);
    expect(world.archives().filter((file) => file.includes(SUBJECT))).toEqual([]);
  });
});
