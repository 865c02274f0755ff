/** Stores of Yarn that hold files, and no archives. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { available } from '../../support/managers.ts';
import { expectInstalled, makeWorld, output, type Linker, type World } from './world.ts';

const HOSTILE = 'module.exports = "hostile"\n';
const CLEAN = 'module.exports = 1\n';

let world: World;
afterEach(async () => {
  await world.dispose();
});
const at = (...path: string[]): string => join(world.sandbox.project, ...path);

function files(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((one) => one.isFile())
        .map((one) => join(one.parentPath, one.name))
    : [];
}

/** Puts content into a store under the name that the clean content has. */
type Spoil = (store: string) => void;

const spoilIndex: Spoil = (store) => {
  const stored = files(store).filter((file) => readFileSync(file, 'utf8') === CLEAN);
  expect(stored.length).toBeGreaterThan(0);
  for (const file of stored) writeFileSync(file, HOSTILE);
};

/** The list of a package's files, which names their content, and where they go. */
const spoilList: Spoil = (store) => {
  const digest = createHash('sha1').update(HOSTILE).digest('hex');
  const list = files(store).find(
    (file) => file.endsWith('.json') && readFileSync(file, 'utf8').includes('index.js'),
  );
  const entry = { kind: 'file', mode: 0o100644, digest };
  writeFileSync(join(store, 'v1', digest.slice(0, 2), `${digest.slice(2)}.dat`), HOSTILE);
  writeFileSync(
    list ?? '',
    JSON.stringify({ 'index.js': entry, '../../../sentinel/planted': entry }),
  );
};

/** A project whose `globalFolder` is its own, filled without the guard and then changed. */
async function spoiled(linker: Linker, rc: readonly string[]): Promise<void> {
  world = await makeWorld({ linker, rc: [...rc, 'globalFolder: ./global'] });
  world.registry.publish({ name: 'fixture' });
  world.dependencies({ fixture: '1.0.0' });
  world.guard(false);
  expect(await world.run('install')).toMatchObject({ code: 0 });
  rmSync(at('node_modules'), { recursive: true });
  if (linker === 'pnpm') spoilIndex(at('global/index'));
  else spoilList(at('global/store'));
}

describe.skipIf(!available('yarn-4').ok)('a store that the repository chose', () => {
  test.each([
    ['pnpm', []],
    ['node-modules', ['nmMode: hardlinks-global']],
  ] as const)('is not linked from: %s', async (linker, rc) => {
    await spoiled(linker, rc);
    expect(await world.run('install', '--immutable')).toMatchObject({ code: 0 });
    expect(readFileSync(at('node_modules/fixture/index.js'), 'utf8')).toBe(HOSTILE);
    rmSync(at('node_modules'), { recursive: true });
    rmSync(join(world.sandbox.sentinel, 'planted'), { force: true });
    world.guard(true);
    const result = await world.run('install', '--immutable');
    expect(result).toMatchObject({ code: 1 });
    expect(output(result)).toContain('YARN_GLOBAL_FOLDER');
    expect(existsSync(at('node_modules/fixture'))).toBe(false);
    world.sandbox.assertSentinelUntouched();
  });

  test('clean twin: the same folder from the environment', async () => {
    await spoiled('pnpm', []);
    world.guard(true);
    rmSync(at('global'), { recursive: true });
    expectInstalled(await world.runWith({ YARN_GLOBAL_FOLDER: at('global') }, 'install'));
    expect(readFileSync(at('node_modules/fixture/index.js'), 'utf8')).toBe(CLEAN);
  });

  test('clean twin: the same setting where nothing is linked out of it', async () => {
    world = await makeWorld({ linker: 'node-modules', rc: ['globalFolder: ./global'] });
    world.registry.publish({ name: 'fixture' });
    world.dependencies({ fixture: '1.0.0' });
    expectInstalled(await world.run('install'));
  });
});
