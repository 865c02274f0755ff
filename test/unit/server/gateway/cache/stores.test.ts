/* The places where the cache keeps content. Failures of a place cost downloads, and nothing else. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bucketAt } from '../../../../../packages/server/src/gateway/cache/bucket.ts';
import {
  CacheAddressError,
  contentOf,
  SteadyStore,
  type CacheStore,
} from '../../../../../packages/server/src/gateway/cache/cache-store.ts';
import { FolderStore } from '../../../../../packages/server/src/gateway/cache/folder-store.ts';
import { KeepQueue } from '../../../../../packages/server/src/gateway/cache/keep-queue.ts';
import { openCache } from '../../../../../packages/server/src/gateway/cache/open-cache.ts';
import { S3Store } from '../../../../../packages/server/src/gateway/cache/s3-store.ts';
import { fakeS3, S3_ENV, type FakeS3 } from '../../../../support/fake-s3.ts';
import { freshFolder } from '../../../../support/fresh-folder.ts';
import { tgz } from '../../../../support/pkg.ts';
import { clean } from '../support.ts';
import { cachedGateway, filesIn, switchedRegistry } from './support.ts';

const KB = 1024;
const key = (name: number): string => name.toString(16).padStart(64, '0');
const read = async (store: CacheStore, name: number): Promise<Buffer | undefined> => {
  const stored = await store.get(key(name));
  return stored && buffer(stored.body);
};
const unexpected = (error: unknown): void => expect.unreachable(String(error));

let folder: string;
freshFolder((fresh) => {
  folder = join(fresh, 'cache');
});

describe('a folder', () => {
  const open = (bytesMax = 1024 * KB): FolderStore =>
    new FolderStore({ folder, bytesMax, onError: unexpected });

  it('has what it was given, from memory or from a stream, also for another process', async () => {
    const [first, second] = [open(), open()];
    const large = randomBytes(100 * KB);
    await first.put(key(1), contentOf(clean));
    const parts = [large.subarray(0, 9), large.subarray(9)];
    await first.put(key(2), { bytes: large.length, read: () => Readable.from(parts) });
    expect((await read(second, 1))?.equals(clean)).toBe(true);
    expect((await read(second, 2))?.equals(large)).toBe(true);
    await second.put(key(1), contentOf(large));
    expect((await read(first, 1))?.equals(large)).toBe(true);
    await second.remove(key(1));
    await second.remove(key(1));
    expect(await first.get(key(1))).toBeUndefined();
    await Promise.all([first.close(), second.close()]);
  });

  it('does not keep a stream that has another length, and nothing of it', async () => {
    const store = open();
    const parts = [Buffer.from('abc')];
    const kept = store.put(key(1), { bytes: 4, read: () => Readable.from(parts) });
    await expect(kept).rejects.toThrow('3 of 4 bytes');
    expect(
      readdirSync(folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile()),
    ).toEqual([]);
    await store.close();
  });

  it('removes nothing behind a link in the place of one of its folders', async () => {
    const elsewhere = `${folder}-elsewhere`;
    mkdirSync(elsewhere);
    const precious = join(elsewhere, 'precious');
    writeFileSync(precious, Buffer.alloc(40 * KB));
    utimesSync(precious, 0, 0);
    await open().close();
    for (const name of ['ab', 'other']) {
      rmSync(join(folder, 'cache-1', name), { recursive: true, force: true });
      symlinkSync(elsewhere, join(folder, 'cache-1', name));
    }
    const store = open(100 * KB);
    const old = join(folder, 'cache-1', '00', 'old');
    // When an old file is removed for the second time, the first look at all folders has ended.
    for (const part of [1, 2]) {
      await store.put(key(part), contentOf(Buffer.alloc(12 * KB)));
      writeFileSync(old, Buffer.alloc(200 * KB));
      utimesSync(old, 1, 1);
      await store.put(key(part + 2), contentOf(Buffer.alloc(12 * KB)));
      await expect.poll(() => existsSync(old)).toBe(false);
    }
    await store.close();
    expect(readdirSync(elsewhere)).toEqual(['precious']);
  });

  it('loses what was not used for the longest time', async () => {
    const filled = open();
    const content = contentOf(Buffer.alloc(40 * KB));
    for (let name = 0; name < 20; name += 1) await filled.put(key(name), content);
    for (const path of filesIn(folder)) {
      const used = Date.now() / 1000 - 86_400 - 3600 * Number.parseInt(path.slice(-2), 16);
      utimesSync(path, used, used);
    }
    // A use makes it new.
    expect(await read(filled, 19)).toBeDefined();
    await filled.close();
    const limited = open(400 * KB);
    await expect.poll(() => filesIn(folder).length).toBe(9);
    const names = filesIn(folder).map((path) => Number.parseInt(path.slice(-2), 16));
    expect(names.sort((x, y) => x - y)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 19]);
    await limited.close();
  });

  it('counts what other processes have written', async () => {
    const [first, second] = [open(400 * KB), open(400 * KB)];
    const content = contentOf(Buffer.alloc(40 * KB));
    for (let name = 0; name < 15; name += 1)
      await Promise.all([first.put(key(name), content), second.put(key(100 + name), content)]);
    await expect.poll(() => filesIn(folder).length).toBeLessThanOrEqual(12);
    await Promise.all([first.close(), second.close()]);
  });

  it('is not emptied by one large archive, and loses unfinished files of killed processes', async () => {
    const unfinished = join(folder, 'cache-1/unfinished');
    mkdirSync(unfinished, { recursive: true });
    chmodSync(join(folder, 'cache-1'), 0o700);
    for (const [name, age] of [
      ['old', 7200],
      ['new', 0],
    ] as const) {
      writeFileSync(join(unfinished, name), 'x');
      const used = Date.now() / 1000 - age;
      utimesSync(join(unfinished, name), used, used);
    }
    const store = open(80 * KB);
    const whole = randomBytes(20 * KB);
    await store.put(key(1), contentOf(whole));
    expect(await store.get(key(1))).toBeUndefined();
    await expect.poll(() => readdirSync(unfinished)).toEqual(['new']);
    await store.close();
  });

  it.skipIf(process.platform === 'win32')('must belong to the user of the gateway alone', () => {
    const root = join(folder, 'cache-1');
    const options = { storage: folder, env: {}, onError: unexpected };
    for (const mode of [0o755, 0o777, 0o750]) {
      mkdirSync(root, { recursive: true });
      chmodSync(root, mode);
      expect(() => openCache(options)).toThrow(CacheAddressError);
    }
  });

  it('must be no link, and no file', () => {
    mkdirSync(folder, { recursive: true });
    symlinkSync('/tmp', join(folder, 'cache-1'));
    const options = { env: {}, onError: unexpected };
    expect(() => openCache({ ...options, storage: folder })).toThrow(CacheAddressError);
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => openCache({ ...options, storage: file })).toThrow(/cannot be made/);
  });

  it('is none of another scheme', () => {
    const options = { env: {}, onError: unexpected };
    expect(() => openCache({ ...options, storage: 'redis://localhost' })).toThrow(/not a known/);
    expect(() => openCache({ ...options, storage: 's3+https://x/y', bytes: 1 })).toThrow(
      /lifecycle/,
    );
    expect(() => openCache({ ...options, storage: 's3+https://x/y' })).toThrow(/AWS_ACCESS_KEY_ID/);
  });
});

describe('a place that fails', () => {
  const failing = (fail: () => Promise<never>): CacheStore => ({
    label: 'failing',
    get: fail,
    put: fail,
    remove: fail,
    close: async () => undefined,
  });

  it('has nothing, and is asked again after a pause', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const errors: unknown[] = [];
    const fail = vi.fn<() => Promise<never>>(async () => {
      throw new Error('ENOSPC');
    });
    const store = new SteadyStore(failing(fail), { onError: (error) => errors.push(error) });
    for (let i = 0; i < 5; i += 1) {
      expect(await store.get(key(1))).toBeUndefined();
      await store.put(key(1), contentOf(clean));
    }
    // Reading and writing fail for different reasons: a full disk can be read.
    expect(fail).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(30_001);
    expect(await store.get(key(1))).toBeUndefined();
    expect(fail).toHaveBeenCalledTimes(3);
    expect(errors).toHaveLength(3);
    vi.useRealTimers();
  });

  it('is not waited for if it is silent', async () => {
    const silent = async (): Promise<never> => new Promise(() => undefined);
    const errors: unknown[] = [];
    const store = new SteadyStore(failing(silent), {
      onError: (error) => errors.push(error),
      answerWithin: 10,
    });
    expect(await store.get(key(1))).toBeUndefined();
    expect(errors).toHaveLength(1);
    // The caller of the queue waits for room only.
    const queue = new KeepQueue(store);
    await queue.keep(key(2), clean.length, () => contentOf(clean));
    await queue.forget(key(2));
    expect(errors).toHaveLength(2);
  });

  it('has nothing of what was forgotten while it was written', async () => {
    const kept = new Map<string, Buffer>();
    let end = (): void => undefined;
    const store: CacheStore = {
      label: 'slow',
      close: async () => undefined,
      get: async (name) => {
        const content = kept.get(name);
        return content && { bytes: content.length, body: Readable.from([content]) };
      },
      async put(name) {
        kept.set(name, clean);
        await new Promise<void>((resolve) => (end = resolve));
      },
      remove: async (name) => void kept.delete(name),
    };
    const queue = new KeepQueue(store);
    await queue.keep(key(3), clean.length, () => contentOf(clean));
    await queue.forget(key(3));
    kept.set(key(3), clean);
    expect(await queue.get(key(3))).toBeUndefined();
    end();
    await expect.poll(() => kept.size).toBe(0);
  });

  it('does not keep anybody from installing', async () => {
    const registry = await switchedRegistry();
    registry.publish('clean', clean);
    const other = tgz({ name: 'other', files: { 'a.bin': randomBytes(400 * KB) } });
    registry.publish('other', other);
    const testing = await cachedGateway(registry.url, folder);
    // A file where a folder should be: nothing can be written.
    const root = join(folder, 'cache-1');
    for (let name = 0; name < 256; name += 1)
      writeFileSync(join(root, name.toString(16).padStart(2, '0')), '');
    for (let i = 0; i < 2; i += 1)
      for (const path of ['/clean/-/clean-1.0.0.tgz', '/other/-/other-1.0.0.tgz'])
        expect((await testing.ask(path)).status).toBe(200);
    await expect.poll(() => testing.failures.length).toBeGreaterThan(0);
    await testing.close();
    await registry.off();
  });
});

describe('a bucket of S3', () => {
  let s3: FakeS3;
  beforeEach(async () => {
    s3 = await fakeS3();
  });
  afterEach(() => s3.close());

  it('has what it was given, by signed requests', async () => {
    const address = `s3+http://${s3.host}/cache`;
    const store = new S3Store(bucketAt(address, S3_ENV), address);
    expect(await store.get(key(1))).toBeUndefined();
    await store.put(key(1), contentOf(clean));
    const large = randomBytes(300 * KB);
    await store.put(key(2), { bytes: large.length, read: () => Readable.from([large]) });
    expect((await read(store, 1))?.equals(clean)).toBe(true);
    expect((await read(store, 2))?.equals(large)).toBe(true);
    await store.remove(key(1));
    expect(await store.get(key(1))).toBeUndefined();
    expect([...s3.objects.keys()]).toEqual([`/cache/tarwarden-cache-1/00/${key(2).slice(2)}`]);
    s3.failing = 503;
    await expect(store.get(key(1))).rejects.toThrow('503');
    await expect(store.put(key(1), contentOf(clean))).rejects.toThrow('503');
    await store.close();
  });

  it('lets another gateway install without the registry', async () => {
    const registry = await switchedRegistry();
    registry.publish('clean', clean);
    const cached = { storage: `s3+http://${s3.host}/cache`, env: S3_ENV };
    const first = await cachedGateway(registry.url, folder, { cached });
    expect((await first.ask('/clean/-/clean-1.0.0.tgz')).status).toBe(200);
    await first.close();
    await registry.off();
    const second = await cachedGateway(registry.url, folder, { cached });
    const { status, body } = await second.ask('/clean/-/clean-1.0.0.tgz');
    expect({ status, isSame: body.equals(clean) }).toEqual({ status: 200, isSame: true });
    for (const [path, object] of s3.objects) s3.objects.set(path, object.subarray(1));
    await second.close();
    const third = await cachedGateway(registry.url, folder, { cached });
    expect((await third.ask('/clean/-/clean-1.0.0.tgz')).status).toBe(502);
    await third.close();
  });
});
