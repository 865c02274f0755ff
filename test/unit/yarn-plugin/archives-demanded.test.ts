/* A lockfile says which SHA-512 an archive must have: what has a verdict is not inspected again where Yarn keeps no other. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  CONTENT,
  HASH,
  openScene,
  sha512,
  subject,
  TARBALL,
  type Scene,
} from '../../support/yarn-archives.ts';
import { locator } from '../../support/yarn-core.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
  scene.cache.settings = { checksumBehavior: 'throw' };
  scene.cache.fetches = async (options) => {
    (await options.loader?.())?.saveAndClose();
    return scene.found();
  };
});
afterEach(() => scene.dispose());

const demanded = (): unknown =>
  (scene.guard.freshArchive.mock.calls[0]?.[2] as { demanded?: unknown } | undefined)?.demanded;

test('the SHA-512 of the lockfile is what Yarn demands', async () => {
  await scene.fetch({ loader: async () => scene.made() });
  expect(demanded()).toBe(HASH);
  expect(scene.guard.freshArchive.mock.calls[0]?.[2]).toMatchObject({ from: TARBALL });
});

test.each<[string, string | null, object, Record<string, unknown>]>([
  ['there is none', null, {}, {}],
  ['it is of another version of the cache', `8/${HASH}`, {}, {}],
  ['it has no version', HASH, {}, {}],
  ['the version only begins alike', `10c01/${HASH}`, {}, {}],
  ['there is more before it', `10c0/x/${HASH}`, {}, {}],
  ['it is not one', '10c0/x', {}, {}],
  ['it is spelled in another way', `10c0/${HASH.toUpperCase()}`, {}, {}],
  ['Yarn writes another into the lockfile', `10c0/${HASH}`, {}, { checksumBehavior: 'update' }],
  ['Yarn fetches again', `10c0/${HASH}`, {}, { checksumBehavior: 'reset' }],
  ['Yarn ignores it', `10c0/${HASH}`, {}, { checksumBehavior: 'ignore' }],
  ['Yarn skips the check', `10c0/${HASH}`, { skipIntegrityCheck: true }, {}],
  [
    'the package is for one platform',
    `10c0/${HASH}`,
    { unstablePackages: new Set([locator.locatorHash]) },
    {},
  ],
])('nothing is demanded where %s', async (_, checksum, options, settings) => {
  scene.cache.settings = { ...scene.cache.settings, ...settings };
  const loader = async () => scene.made();
  await scene.cache.fetchPackageFromCache(locator, checksum, { ...options, loader });
  expect(scene.guard.freshArchive).toHaveBeenCalledTimes(1);
  expect(demanded()).toBeUndefined();
});

test('an archive that the guard wrote is not written again', async () => {
  const archive = { sha512: HASH };
  scene.tarballs.behind.mockResolvedValue({ sha512: TARBALL, archive });
  writeFileSync(scene.file, CONTENT);
  await scene.fetch({ loader: async () => scene.made('changed by another plugin') });
  expect([scene.saved, scene.discarded]).toEqual([0, 1]);
  expect(readFileSync(scene.file, 'utf8')).toBe(CONTENT);
  expect(scene.guard.freshArchive.mock.calls[0]?.[2]).toEqual({
    from: TARBALL,
    hashed: false,
    demanded: HASH,
    made: archive,
  });
});

test('what Yarn keeps although it has other bytes is inspected', async () => {
  const remember = vi.fn();
  scene.guard.freshArchive.mockImplementation(async () => remember);
  scene.guard.knows.mockImplementation((hash) => hash === HASH);
  const other = sha512('other bytes');
  scene.cache.fetches = async (options) => {
    (await options.loader?.())?.saveAndClose();
    return scene.found(`10c0/${other}`);
  };
  await scene.fetch({ loader: async () => scene.made() });
  expect(scene.guard.archive.mock.calls).toEqual([
    [Buffer.from(CONTENT), subject, { file: scene.file, sha512: HASH }],
  ]);
});

describe('an archive of which Yarn keeps no other than one that has a verdict', () => {
  const during = (): unknown => scene.fetches.during.mock.calls[0]?.[3];
  beforeEach(() => {
    scene.guard.knowsBefore.mockImplementation((hash) => hash === HASH);
  });

  test('is known to who looks at its tarball', async () => {
    await scene.fetch({ loader: async () => scene.made() });
    expect(during()).toEqual({ demanded: HASH, known: HASH });
    expect(scene.tarballs.behind.mock.calls).toEqual([[scene.file, scene.guard, subject, HASH]]);
    scene.tarballs.behind.mockResolvedValue(undefined);
    await expect(scene.fetch({ loader: async () => scene.made() })).rejects.toThrow(/never seen/);
  });

  test.each<[string, string | null, Record<string, unknown>, object | undefined]>([
    ['the lockfile has none', null, {}, undefined],
    [
      'the lockfile has another',
      `10c0/${sha512('other')}`,
      {},
      { demanded: sha512('other'), known: undefined },
    ],
    ['Yarn ignores it', `10c0/${HASH}`, { checksumBehavior: 'ignore' }, undefined],
  ])('is not known where %s', async (_, checksum, settings, archive) => {
    scene.cache.settings = { ...scene.cache.settings, ...settings };
    const loader = async () => scene.made();
    await scene.cache.fetchPackageFromCache(locator, checksum, { loader });
    expect(during()).toEqual(archive);
    expect(scene.tarballs.behind.mock.calls[0]?.[3]).toBeUndefined();
  });

  test('is made by Yarn alone where Yarn checks its cache', async () => {
    scene.cache.check = true;
    await scene.fetch({ loader: async () => scene.made() });
    expect(during()).toBeUndefined();
  });
});
