/** The gate in Yarn's cache: an archive that was kept is inspected before Yarn hands it out. */
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
import { locator, type Archive } from '../../support/yarn-core.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.dispose());

describe('an archive that is in the cache', () => {
  beforeEach(() => {
    writeFileSync(scene.file, CONTENT);
    scene.cache.fetches = async () => scene.found();
  });

  test('is inspected before it is handed out', async () => {
    const [packageFs, , checksum] = await scene.fetch();
    expect([packageFs.getRealPath(), checksum]).toEqual([scene.file, `10c0/${HASH}`]);
    expect(scene.guard.archive.mock.calls).toEqual([
      [Buffer.from(CONTENT), subject, { file: scene.file, sha512: HASH }],
    ]);
    expect(scene.released).toBe(0);
  });

  test('of which Yarn computes no SHA-512 is known by its bytes', async () => {
    scene.cache.fetches = async () => scene.found(null);
    await scene.fetch();
    expect(scene.guard.archive).toHaveBeenCalledTimes(1);
    writeFileSync(scene.file, 'replaced');
    scene.guard.knows.mockReturnValue(true);
    await scene.fetch();
    expect(scene.guard.knows).toHaveBeenLastCalledWith(sha512('replaced'), subject);
    expect(scene.guard.archive).toHaveBeenCalledTimes(1);
  });

  test('is given back where it is rejected', async () => {
    scene.guard.archive.mockRejectedValue(new Error('rejected'));
    await expect(scene.fetch()).rejects.toThrow('rejected');
    expect(scene.released).toBe(1);
    // And is inspected again the next time.
    await expect(scene.fetch()).rejects.toThrow('rejected');
    expect(scene.guard.archive).toHaveBeenCalledTimes(2);
  });

  test('is inspected once for what it is asked for', async () => {
    await scene.fetch();
    await scene.fetch();
    expect(scene.guard.archive).toHaveBeenCalledTimes(1);
    await scene.cache.fetchPackageFromCache({ ...locator, name: 'b' }, null, {});
    expect(scene.guard.archive).toHaveBeenCalledTimes(2);
  });

  test.each([
    ['its content', () => writeFileSync(scene.file, `${CONTENT} and more`)],
    ['its time', () => utimesSync(scene.file, 1, 1)],
    [
      'the file itself',
      () => {
        rmSync(scene.file);
        writeFileSync(join(scene.folder, 'other'), '');
        writeFileSync(scene.file, CONTENT);
      },
    ],
  ])('is inspected again where %s changed', async (_title, change) => {
    await scene.fetch();
    change();
    await scene.fetch();
    expect(scene.guard.archive).toHaveBeenCalledTimes(2);
  });

  test('is not read where its verdict is known by the hash that Yarn checked', async () => {
    scene.guard.knows.mockReturnValue(true);
    await scene.fetch();
    await scene.fetch();
    expect(scene.guard.knows.mock.calls).toEqual([[HASH, subject]]);
    expect(scene.guard.archive).not.toHaveBeenCalled();
  });

  test('that is made up in memory has no file to be inspected', async () => {
    rmSync(scene.file);
    await expect(scene.fetch()).resolves.toHaveLength(3);
    expect(scene.guard.archive).not.toHaveBeenCalled();
  });
});

describe('the mirror', () => {
  let mirror: string;
  beforeEach(() => {
    mirror = join(scene.folder, 'mirror.zip');
    writeFileSync(mirror, 'in the mirror');
    writeFileSync(scene.file, CONTENT);
    scene.cache.mirror = mirror;
    scene.cache.fetches = async () => scene.found();
  });
  const inspectedFirst = () =>
    scene.guard.archive.mock.calls.map(([, , of]) => (of as { file: string }).file)[0];

  test('is inspected before Yarn copies it into the project', async () => {
    scene.cache.kept = join(scene.folder, 'not there');
    scene.guard.archive.mockRejectedValue(new Error('rejected'));
    scene.cache.fetches = vi.fn(scene.cache.fetches);
    await expect(scene.fetch()).rejects.toThrow('rejected');
    expect(scene.guard.archive).toHaveBeenCalledWith(Buffer.from('in the mirror'), subject, {
      file: mirror,
      sha512: sha512('in the mirror'),
    });
    expect(scene.cache.fetches).not.toHaveBeenCalled();
    expect(scene.cache.calls).toEqual([
      ['mirror', locator],
      ['kept', locator, `10c0/${HASH}`],
    ]);
  });

  test('is inspected where Yarn does not know where it would keep the archive', async () => {
    await scene.fetch();
    expect(inspectedFirst()).toBe(mirror);
  });

  test('is left alone where the project has the archive', async () => {
    scene.cache.kept = scene.file;
    await scene.fetch();
    expect(scene.guard.archive).toHaveBeenCalledTimes(1);
    expect(inspectedFirst()).toBe(scene.file);
  });

  test('is inspected all the same where Yarn checks or resets the cache', async () => {
    scene.cache.kept = scene.file;
    scene.cache.check = true;
    await scene.fetch();
    expect(inspectedFirst()).toBe(mirror);
    scene.guard.archive.mockClear();
    utimesSync(mirror, 1, 1);
    scene.cache.check = false;
    scene.cache.settings = { checksumBehavior: 'reset' };
    await scene.fetch();
    expect(inspectedFirst()).toBe(mirror);
  });
});

describe('an archive whose tarball is wanted', () => {
  beforeEach(() => {
    scene.guard.wantsTarball.mockReturnValue('its tarball is wanted');
    writeFileSync(scene.file, CONTENT);
    scene.cache.fetches = async () => scene.found();
  });

  /** The archive that comes of the tarball when it is fetched again. */
  const again = (content: string): Archive => ({
    getRealPath: () => join(scene.folder, 'again.zip'),
    saveAndClose() {
      writeFileSync(join(scene.folder, 'again.zip'), content);
    },
  });

  test('fetches and inspects the tarball of an archive that this machine never saw', async () => {
    await scene.fetch({ loader: async () => again(CONTENT) });
    expect(scene.tarballs.behind).toHaveBeenCalledWith(
      join(scene.folder, 'again.zip'),
      scene.guard,
      subject,
    );
    expect(scene.guard.archive.mock.calls.map(([, , of]) => of)).toEqual([
      { file: scene.file, sha512: HASH },
      { file: scene.file, sha512: HASH, from: TARBALL },
    ]);
    expect(scene.guard.wantsTarball).toHaveBeenCalledWith(HASH, subject);
  });

  test('refuses where nothing says where the tarball is', async () => {
    await expect(scene.fetch()).rejects.toThrow(
      'a@1.0.0: its tarball is wanted, and nothing says where it is',
    );
    expect(scene.released).toBe(1);
  });

  test('says why it fetched where the tarball cannot be had, and keeps a refusal', async () => {
    const loader = async (): Promise<Archive> => Promise.reject(new Error('offline'));
    await expect(scene.fetch({ loader })).rejects.toThrow(
      'a@1.0.0: its tarball is wanted, and cannot be fetched: offline',
    );
    scene.guards.isRefusal.mockReturnValue(true);
    await expect(scene.fetch({ loader })).rejects.toThrow(/^offline$/);
  });

  test('refuses where the tarball was never seen', async () => {
    scene.tarballs.behind.mockResolvedValue(undefined);
    await expect(scene.fetch({ loader: async () => again(CONTENT) })).rejects.toThrow(
      'a@1.0.0: its tarball is wanted, and it was never seen',
    );
  });

  test('refuses an archive that does not hold what its tarball does', async () => {
    await expect(scene.fetch({ loader: async () => again('other') })).rejects.toThrow(
      `a@1.0.0: its tarball is wanted: ${scene.file} does not hold what its tarball does: Delete that file and install again.`,
    );
    expect(scene.guard.sameContent.mock.calls.map((all) => all.map(String))).toEqual([
      ['other', CONTENT],
    ]);
    expect(scene.guard.archive).toHaveBeenCalledTimes(1);
  });

  test('takes another archive of the same content', async () => {
    scene.guard.sameContent.mockReturnValue(true);
    await scene.fetch({ loader: async () => again('packed in another way') });
    expect(scene.guard.archive).toHaveBeenCalledTimes(2);
  });

  test('takes the bytes that Yarn writes, where Yarn has them at hand', async () => {
    const archive: Archive = {
      getRealPath: () => join(scene.folder, 'again.zip'),
      getBufferAndClose: () => Buffer.from(CONTENT),
      saveAndClose() {
        archive.getBufferAndClose?.();
      },
    };
    await scene.fetch({ loader: async () => archive });
    expect(scene.guard.sameContent).not.toHaveBeenCalled();
    expect(scene.guard.archive).toHaveBeenCalledTimes(2);
  });
});
