/** Config dependencies, which pnpm has unpacked before it calls a hook: which archives are inspected for them. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Hook } from '../../../packages/pnpm-hook/src/hook.ts';
import { inspectConfigDependencies } from '../../../packages/pnpm-hook/src/config-dependencies/config-dependencies.ts';
import { HookError } from '../../../packages/pnpm-hook/src/messages.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { testHook } from '../../support/pnpm-hook.ts';

const SHA512 = `sha512-${'A'.repeat(86)}==`;
const OTHER = SHA512.replaceAll('A', 'B');

let root: string;
freshFolder((made) => (root = made));
let hook: Hook;
let major: number;
let registry: object;
const inspect = vi.fn();
const guard = vi.fn();
beforeEach(() => {
  major = 12;
  registry = { registry: 'https://registry.example/', scopes: {} };
  inspect.mockReset().mockResolvedValue({ verdict: { status: 'accept' } });
  guard.mockReset().mockResolvedValue({ inspect, flush: () => undefined });
  hook = testHook({ guard, session: () => ({ engine: { major }, settings: registry }) });
  mkdirSync(place(), { recursive: true });
});

const place = (): string => join(root, 'node_modules/.pnpm-config');
const run = (configDependencies?: unknown): Promise<void> =>
  inspectConfigDependencies({ lockfileDir: root, configDependencies }, hook);
const sources = (): object[] => inspect.mock.calls.map(([source]) => source as object);
const lockfile = (...lines: string[]): void =>
  writeFileSync(join(root, 'pnpm-lock.yaml'), `---\n${lines.join('\n')}\n---\n`);
/** The message of the refusal. */
const refused = async (configDependencies: unknown): Promise<string> => {
  const error = await run(configDependencies).then(
    () => undefined,
    (reason: HookError) => reason,
  );
  expect(error).toMatchObject({ reason: 'NOT_INSPECTED' });
  expect(hook.refusals.all).toEqual([error]);
  expect(existsSync(place())).toBe(false);
  return error!.message;
};

describe('the archive is inspected', () => {
  test.each([
    ['as one text', `1.0.0+${SHA512}`, { url: 'https://registry.example/a/-/a-1.0.0.tgz' }],
    [
      'beside a tarball',
      { tarball: 'https://x/', integrity: `1.0.0+${SHA512}` },
      { url: 'https://x/' },
    ],
  ])('that the settings pin %s', async (_title, a, source) => {
    await run({ a });
    const expected = { name: 'a', version: '1.0.0' };
    expect(sources()).toMatchObject([{ id: 'a@1.0.0', integrity: SHA512, expected, ...source }]);
    expect(guard).toHaveBeenCalledWith(root);
    expect(existsSync(place())).toBe(true);
  });

  test('that the lockfile pins, and those of the optional packages that it needs', async () => {
    lockfile(
      'importers:',
      "  .: { configDependencies: { '@s/a': { specifier: ^1.0.0, version: 1.0.1 } } }",
      'packages:',
      `  '@s/a@1.0.1': { resolution: { integrity: ${SHA512} } }`,
      `  b@2.0.0: { resolution: { integrity: ${OTHER} } }`,
      'snapshots:',
      "  '@s/a@1.0.1': { optionalDependencies: { b: 2.0.0 } }",
    );
    await run({ '@s/a': '^1.0.0' });
    expect(sources()).toMatchObject([
      { id: '@s/a@1.0.1', integrity: SHA512 },
      { id: 'b@2.0.0', integrity: OTHER },
    ]);
  });

  test.each(['lockfileDir', 'rootProjectManifestDir', 'workspaceDir', 'dir'])(
    'for the project in %s',
    async (key) => {
      const configDependencies = { a: `1.0.0+${SHA512}` };
      await inspectConfigDependencies({ [key]: root, configDependencies }, hook);
      expect(sources()).toHaveLength(1);
    },
  );

  test('never if pnpm names no folder', async () => {
    await inspectConfigDependencies({ configDependencies: { a: `1.0.0+${SHA512}` } }, hook);
    expect(guard).not.toHaveBeenCalled();
  });
});

describe('the folder is removed', () => {
  test.each<[string, Error, RegExp]>([
    [
      'is rejected',
      new HookError('REJECTED', 'a is rejected'),
      /^tarwarden: a is rejected\. It is a config dep.*Remove it from configDependencies$/,
    ],
    ['cannot be inspected', new Error('offline'), /^tarwarden: offline\. It is/],
  ])('if an archive %s', async (_title, error, why) => {
    inspect.mockRejectedValueOnce(error);
    expect(await refused({ a: `1.0.0+${SHA512}`, b: `1.0.0+${SHA512}` })).toMatch(why);
    expect(sources()).toHaveLength(2);
  });

  test('if report mode lets an archive pass that is rejected', async () => {
    inspect.mockResolvedValue({ verdict: { status: 'reject' } });
    expect(await refused({ a: `1.0.0+${SHA512}` })).toMatch(
      /a@1\.0\.0 is rejected, and report mode does not/,
    );
  });

  test.each([
    ['1.0.0'],
    ['1.0.0+sha1-x'],
    [`1.0.0+sha1-x+${SHA512}`],
    [{ tarball: 'https://x/', integrity: '1.0.0' }],
  ])('if no SHA-512 says which archive pnpm unpacked: %j', async (a) => {
    expect(await refused({ a })).toMatch(
      /no SHA-512 .* says which archive of a@1\.0\.0 pnpm unpacked/,
    );
    expect(inspect).not.toHaveBeenCalled();
  });

  test('if no version is known, as for a pnpm 10 that reads no lockfile', async () => {
    major = 10;
    lockfile('importers: { .: { configDependencies: { a: { specifier: ^1.0.0 } } } }');
    expect(await refused({ a: '^1.0.0' })).toMatch(/no lockfile says which package that is/);
  });

  test('if no registry is known', async () => {
    registry = {};
    expect(await refused({ a: `1.0.0+${SHA512}` })).toMatch(/the config dependency a is/);
  });

  test('if the lockfile pins a package that is not from a registry', async () => {
    lockfile(
      'importers: { .: { configDependencies: { a: { version: 1.0.0 } } } }',
      'packages: { a@1.0.0: { resolution: { type: directory, directory: a } } }',
    );
    expect(await refused({})).toMatch(/a@1\.0\.0 has a resolution of type "directory"/);
  });
});
