/** How the guard is set, what it says, and that it cannot be loosened unseen. */
import { join } from 'node:path';
import { inspect, type Exception } from '@tarwarden/core';
import { exceptionHash } from '@tarwarden/core/policy';
import { beforeEach, describe, expect, test } from 'vitest';
import { allow } from '../../support/approval.ts';
import { coreAttacks } from '../../support/attacks.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available } from '../../support/managers.ts';
import { entry } from '../../support/tar.ts';
import { tgz } from '../../support/pkg.ts';
import {
  expectInstalled,
  expectNoTrace,
  expectRefusal,
  makeWorld,
  output,
  plugin,
  publishAttack,
} from './world.ts';

const SYMLINK = coreAttacks[0]!;
/** A link that stays in the package. */
const contained = (name: string): Buffer =>
  tgz({ name, entries: [entry({ name: 'package/link', typeflag: '2', linkname: 'index.js' })] });

const world = freshEach(() => makeWorld({ linker: 'node-modules' }));
beforeEach(() => world.dependencies({ evil: '1.0.0' }));

const exceptionFor = (
  bytes: Buffer,
  fields: Record<string, string> = {},
): Record<string, string> => ({
  package: 'evil@1.0.0',
  rule: 'symlink',
  entry: 'package/link',
  sha512: inspect(bytes).archive.sha512,
  reason: 'looked at by hand',
  expires: '2999-01-01',
  ...fields,
});
const asYaml = (exception: Record<string, string>): string[] => [
  'tarwardenExceptions:',
  ...Object.entries(exception).map(
    ([key, value], at) => `${at === 0 ? '  - ' : '    '}${key}: ${JSON.stringify(value)}`,
  ),
];

describe.skipIf(!available('yarn-4').ok)('what it says', () => {
  test('is in the form of Yarn, with the package, the rule, the entry and a remedy', async () => {
    publishAttack(world, SYMLINK);
    const result = await world.run('install');
    expectRefusal(result, /YN0030.*tarwarden: refused evil@1\.0\.0/, /YN0030.*symlink/);
    expect(result.stdout).toMatch(/YN0030.*What to do/);
    for (const command of ['explain evil@1.0.0', 'rules symlink', 'allow evil@1.0.0 --reason "'])
      expect(result.stdout).toContain(`│     tarwarden ${command}`);
  });

  test('is JSON lines with --json', async () => {
    publishAttack(world, SYMLINK);
    const result = await world.run('install', '--json');
    expect(result.code).toBe(1);
    const lines = result.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(
      expect.objectContaining({
        type: 'error',
        displayName: 'YN0030',
        data: expect.stringContaining('tarwarden: refused evil@1.0.0') as string,
      }),
    );
  });

  test('may be filtered away, and the exit code is 1 all the same', async () => {
    publishAttack(world, SYMLINK);
    world.rc('logFilters:', '  - code: YN0030', '    level: discard');
    const state = world.state();
    const result = await world.run('install');
    expect(result).toMatchObject({ code: 1 });
    expectNoTrace(world, 'evil', state);
  });

  test('is nothing where nothing is wrong', async () => {
    world.registry.publish({ name: 'evil' });
    const result = await world.run('install');
    expectInstalled(result);
    expect(output(result)).not.toMatch(/tarwarden/i);
  });
});

describe.skipIf(!available('yarn-4').ok)('links inside of a package', () => {
  beforeEach(() => void world.registry.publish({ name: 'evil', tgz: contained('evil') }));

  test('are refused by default', async () => {
    expectRefusal(await world.run('install'), /symlink/);
  });

  test('pass where the user says so in ~/.yarnrc.yml', async () => {
    world.sandbox.yarnrc('tarwardenLinks: contained');
    world.sandbox.yarnrc(`plugins: [${JSON.stringify(plugin)}]`);
    expectInstalled(await world.run('install'));
  });

  test('that leave it do not', async () => {
    publishAttack(world, SYMLINK);
    world.sandbox.yarnrc('tarwardenLinks: contained');
    world.sandbox.yarnrc(`plugins: [${JSON.stringify(plugin)}]`);
    expectRefusal(await world.run('install'), /escaping-link/);
  });

  test('are not let pass by the project, and that it tries is said', async () => {
    world.rc('tarwardenLinks: contained');
    expectPolicyError(await world.run('install'), /may not allow links/);
  });

  test('are not let pass by the environment', async () => {
    const result = await world.runWith({ YARN_TARWARDEN_LINKS: 'contained' }, 'install');
    expectRefusal(result, /symlink/);
  });
});

/** Approves an exception by its hash: what is in Yarn's settings is not listed. */
async function approve(exception: object): Promise<void> {
  const { env, project: cwd } = world.sandbox;
  await allow({ env, cwd }, '--approve', exceptionHash(exception as Exception));
}

/** That nothing was installed since the policy is not valid. */
function expectPolicyError(result: Parameters<typeof output>[0], text: RegExp): void {
  expect(output(result)).toMatch(/nothing can be inspected, so nothing is installed/);
  expect(output(result)).toMatch(text);
  expect(result.code).toBe(1);
}

describe.skipIf(!available('yarn-4').ok)('an exception', () => {
  let bytes: Buffer;
  beforeEach(() => {
    bytes = contained('evil');
    world.registry.publish({ name: 'evil', tgz: bytes });
  });

  test('in .yarnrc.yml lets its one archive pass, cold and warm', async () => {
    world.rc(...asYaml(exceptionFor(bytes)));
    expectRefusal(await world.run('install'), /tarwarden allow --approve/);
    await approve(exceptionFor(bytes));
    expectInstalled(await world.run('install'));
    world.forgetProject();
    expectInstalled(await world.run('install'));
  });

  test('in tarwarden.json does the same', async () => {
    world.sandbox.write({ 'tarwarden.json': { exceptions: [exceptionFor(bytes)] } });
    await approve(exceptionFor(bytes));
    expectInstalled(await world.run('install'));
  });

  test('in the file that tarwardenPolicy names does the same', async () => {
    world.sandbox.write({ 'config/yarn.json': { exceptions: [exceptionFor(bytes)] } });
    world.rc('tarwardenPolicy: ./config/yarn.json');
    await approve(exceptionFor(bytes));
    expectInstalled(await world.run('install'));
  });

  test.each([
    ['another entry', { entry: 'package/other' }],
    ['other bytes', { sha512: '0'.repeat(128) }],
    ['another version', { package: 'evil@1.0.1' }],
    ['a day that has passed', { expires: '2020-01-01' }],
  ])('for %s lets nothing pass', async (_title, fields) => {
    world.rc(...asYaml(exceptionFor(bytes, fields)));
    await approve(exceptionFor(bytes, fields));
    expectRefusal(await world.run('install'), /symlink/);
  });

  test('without the digest is not valid', async () => {
    const { sha512: _, ...rest } = exceptionFor(bytes);
    world.rc(...asYaml(rest));
    expectPolicyError(await world.run('install'), /sha512/);
  });

  test('from the environment lets nothing pass', async () => {
    const env = { YARN_TARWARDEN_EXCEPTIONS: JSON.stringify([exceptionFor(bytes)]) };
    const result = await world.runWith(env, 'install');
    expect(result.code).toBe(1);
    expect(output(result)).not.toMatch(/added to the project/);
  });

  test('in a policy file that the environment names lets nothing pass', async () => {
    world.sandbox.write({ 'other.json': { exceptions: [exceptionFor(bytes)] } });
    const env = { YARN_TARWARDEN_POLICY: join(world.sandbox.project, 'other.json') };
    expectRefusal(await world.runWith(env, 'install'), /symlink/);
  });
});

describe.skipIf(!available('yarn-4').ok)('a policy', () => {
  test('that is missing stops the install', async () => {
    world.registry.publish({ name: 'evil' });
    world.rc('tarwardenPolicy: ./nowhere.json');
    world.registry.publish({ name: 'other' });
    world.dependencies({ evil: '1.0.0', other: '1.0.0' });
    const result = await world.run('install');
    expectPolicyError(result, /nowhere\.json/);
    expect(output(result).split('nothing can be inspected')).toHaveLength(2);
  });

  test('of the project may tighten', async () => {
    world.registry.publish({ name: 'evil' });
    world.sandbox.write({ 'tarwarden.json': { limits: { entries: 1 } } });
    expectRefusal(await world.run('install'), /archive-limit/);
  });

  test('of the project may not loosen', async () => {
    world.registry.publish({ name: 'evil' });
    world.sandbox.write({ 'tarwarden.json': { levels: { symlink: 'off' } } });
    expectPolicyError(await world.run('install'), /may not lower/);
  });
});
