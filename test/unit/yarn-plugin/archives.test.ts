/** The gate in Yarn's cache: an archive that Yarn has just made is inspected before Yarn keeps it. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  CONTENT,
  HASH,
  openScene,
  subject,
  TARBALL,
  type Scene,
} from '../../support/yarn-archives.ts';
import { locator, type Archive } from '../../support/yarn-core.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.dispose());

/** Yarn makes the archive and keeps it. */
const cold = async (options: { loader?: () => Promise<Archive> }) => {
  (await options.loader?.())?.saveAndClose();
  return scene.found();
};

describe('an archive that Yarn has just made', () => {
  test('is inspected from its file before Yarn goes on, with the tarball that it was made of', async () => {
    scene.cache.fetches = cold;
    scene.guard.freshArchive.mockImplementation(async () => {
      expect(scene.saved).toBe(1);
      return undefined;
    });
    const [packageFs, , checksum] = await scene.fetch({ loader: async () => scene.made() });
    expect([packageFs.getRealPath(), checksum]).toEqual([scene.file, `10c0/${HASH}`]);
    expect(scene.tarballs.behind).toHaveBeenCalledWith(scene.file, scene.guard, subject, undefined);
    expect(scene.guard.freshArchive.mock.calls).toEqual([
      [scene.file, subject, { from: TARBALL, hashed: false, demanded: undefined }],
    ]);
    // Yarn saves it, too, which must not write it anew.
    expect(scene.saved).toBe(1);
    expect(scene.guards.for).toHaveBeenCalledWith(scene.cache.configuration);
    expect(scene.fetches.during).toHaveBeenCalledWith(
      locator,
      scene.cache.configuration,
      expect.any(Function),
      undefined,
    );
  });

  test('is remembered by the hash that Yarn computes', async () => {
    scene.cache.fetches = cold;
    const remember = vi.fn();
    scene.guard.freshArchive.mockImplementation(async () => remember);
    scene.guard.knows.mockImplementation((hash) =>
      remember.mock.calls.some(([known]) => known === hash),
    );
    await scene.fetch({ loader: async () => scene.made() });
    expect(remember.mock.calls).toEqual([[HASH]]);
    expect(scene.guard.knows).toHaveBeenCalledWith(HASH, subject);
    expect(scene.guard.archive).not.toHaveBeenCalled();
  });

  test.each([
    ['no checksum', null],
    ['one of another length', `10c0/${HASH}0`],
    ['one that is no hash', '10c0/x'],
    ['one without a key', HASH],
    ['one behind two keys', `10/c0/${HASH}`],
  ])('is hashed here where Yarn returns %s', async (_title, checksum) => {
    scene.cache.fetches = async (options) => {
      await options.loader?.();
      return scene.found(checksum);
    };
    const remember = vi.fn();
    scene.guard.freshArchive.mockImplementation(async () => remember);
    await scene.fetch({ loader: async () => scene.made() });
    expect(remember).not.toHaveBeenCalled();
    expect(scene.guard.archive.mock.calls).toEqual([
      [Buffer.from(CONTENT), subject, { file: scene.file, sha512: HASH }],
    ]);
  });

  test.each<[string, object, Record<string, unknown>]>([
    ['skips the check', { skipIntegrityCheck: true }, {}],
    ['has packages for one platform', { unstablePackages: new Set([locator.locatorHash]) }, {}],
    ['ignores checksums', {}, { checksumBehavior: 'ignore' }],
  ])('is hashed at once where Yarn %s, and its word is not taken', async (_title, options, set) => {
    scene.cache.settings = set;
    scene.cache.fetches = cold;
    const remember = vi.fn();
    scene.guard.freshArchive.mockImplementation(async () => remember);
    await scene.fetch({ ...options, loader: async () => scene.made() });
    expect(scene.guard.freshArchive.mock.calls[0]?.[2]).toEqual({ from: TARBALL, hashed: true });
    expect(remember).not.toHaveBeenCalled();
    expect(scene.guard.knows.mock.calls).toEqual([[HASH, subject]]);
    expect(scene.guard.archive).toHaveBeenCalledTimes(1);
  });

  test('whose tarball was never seen is refused before it is kept', async () => {
    scene.cache.fetches = cold;
    scene.tarballs.behind.mockResolvedValue(undefined);
    await expect(scene.fetch({ loader: async () => scene.made() })).rejects.toThrow(
      'a@1.0.0: Yarn made an archive of a tarball that was never seen',
    );
    expect(scene.saved).toBe(0);
    expect(scene.guard.freshArchive).not.toHaveBeenCalled();
  });

  test('that is made of a folder has no tarball, and is inspected', async () => {
    scene.cache.fetches = cold;
    scene.tarballs.behind.mockResolvedValue(undefined);
    const patch = { ...locator, reference: 'patch:a' };
    await scene.cache.fetchPackageFromCache(patch, null, { loader: async () => scene.made() });
    expect(scene.guard.freshArchive).toHaveBeenCalledWith(
      scene.file,
      { label: 'a@patch:a', hasTarball: false },
      { from: undefined, hashed: false, demanded: undefined },
    );
  });

  test('that is rejected fails the fetch', async () => {
    scene.cache.fetches = cold;
    scene.guard.freshArchive.mockRejectedValue(new Error('rejected'));
    await expect(scene.fetch({ loader: async () => scene.made() })).rejects.toThrow('rejected');
  });

  test('of another one: a tarball that was refused stays so', async () => {
    scene.cache.fetches = cold;
    scene.tarballs.behind.mockRejectedValue(new Error('refused before'));
    await expect(scene.fetch({ loader: async () => scene.made() })).rejects.toThrow(
      'refused before',
    );
    expect(scene.saved).toBe(0);
  });
});
