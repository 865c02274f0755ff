/* What waits for its verdict: where it is, and how much of it. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { processName } from '../../../../packages/guard/src/run/process-name.ts';
import { HeldBytes } from '../../../../packages/server/src/gateway/held-bytes.ts';
import {
  Spool,
  type SpoolOptions,
  type TakeOptions,
} from '../../../../packages/server/src/gateway/spool.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

const KIB = 1024;

let parent: string;
let held: number;
freshFolder((fresh) => {
  held = 0;
  parent = fresh;
});

const make = (options: Partial<SpoolOptions> = {}): Spool =>
  new Spool({ bytesMax: 4096 * KIB, parent, onHeld: (change) => (held += change), ...options });
const some = (bytes: number): Readable => Readable.from([Buffer.alloc(bytes, 'x')]);
const sha = (algorithm: string, bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest('hex');

describe('the spool', () => {
  it.each<[string, TakeOptions, number, boolean]>([
    ['small', { announced: 50 }, 50, true],
    ['small, of a length that nobody announced', {}, 1024 * KIB, true],
    ['empty', { announced: 0 }, 0, true],
    ['small, and wanted in a file', { inFile: true }, 50, false],
    ['empty, and wanted in a file', { inFile: true }, 0, false],
    ['announced to be large', { announced: 1024 * KIB + 1 }, 1024 * KIB + 1, false],
    ['large', {}, 1024 * KIB + 1, false],
  ])('keeps what is %s until it is dropped', async (_, options, bytes, inMemory) => {
    const spool = make();
    const whole = Buffer.alloc(bytes, 'abc');
    const parts = Array.from({ length: Math.ceil(bytes / 10_000) }, (__, i) =>
      whole.subarray(i * 10_000, (i + 1) * 10_000),
    );
    const spooled = await spool.take(Readable.from(parts), { ...options, sha256: true });
    expect(spooled).toMatchObject({
      bytes,
      sha512: sha('sha512', whole),
      sha256: sha('sha256', whole),
    });
    expect(typeof spooled.at).toBe(inMemory ? 'object' : 'string');
    expect(readdirSync(spool.folder)).toHaveLength(inMemory ? 0 : 1);
    expect(whole.equals(await spool.whole(spooled))).toBe(true);
    expect(whole.equals(await buffer(spool.read(spooled)))).toBe(true);
    expect(held).toBe(bytes);
    await spool.drop(spooled);
    expect(held).toBe(0);
    expect(readdirSync(spool.folder)).toEqual([]);
    spool.close();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('writes a file for nobody else', async () => {
    const spool = make();
    const { at } = await spool.take(some(10), { inFile: true });
    expect(readFileSync(at)).toHaveLength(10);
  });

  it('keeps bytes of its own, whatever becomes of the memory that they came in', async () => {
    const spool = make();
    const part = Buffer.from('inspected');
    const spooled = await spool.take(Readable.from([part]));
    part.fill(0);
    expect((await spool.whole(spooled)).toString()).toBe('inspected');
  });

  it.each<[string, () => Readable, TakeOptions, number]>([
    ['is too long', () => some(101), { bytesMax: 100 }, 403],
    ['is too long for a file', () => some(101), { bytesMax: 100, inFile: true }, 403],
    ['is shorter than announced', () => some(10), { announced: 20 }, 502],
    ['is longer than announced', () => some(20), { announced: 10 }, 502],
    ['is nothing of what is announced', () => Readable.from([]), { announced: 10 }, 502],
    ['has a length that is none', () => some(10), { announced: Number.NaN }, 502],
    ['has a length below none', () => some(10), { announced: -1 }, 502],
    ['breaks off', () => Readable.from(cut()), {}, 502],
    ['breaks off in a file', () => Readable.from(cut()), { inFile: true }, 502],
  ])('keeps nothing of what %s', async (_, body, options, status) => {
    const spool = make({ memoryMax: 1000 });
    for (let i = 0; i < 200; i += 1)
      await expect(spool.take(body(), options)).rejects.toMatchObject({ status });
    expect(readdirSync(spool.folder)).toEqual([]);
    expect(held).toBe(0);
    // No memory is taken for it any more.
    expect(typeof (await spool.take(some(1000), { announced: 1000 })).at).toBe('object');
  });

  it('has files for what memory has no room for', async () => {
    const spool = make({ memoryMax: 100 });
    const first = await spool.take(some(80), { announced: 80 });
    expect(typeof first.at).toBe('object');
    const second = await spool.take(some(30), { announced: 30 });
    expect(typeof second.at).toBe('string');
    expect(held).toBe(110);
    await spool.drop(first);
    expect(typeof (await spool.take(some(100), { announced: 100 })).at).toBe('object');
  });

  it('leaves room to small ones, however many large ones are kept', async () => {
    const spool = make({ heldMax: 120, largeFrom: 40 });
    await spool.take(some(80));
    await expect(spool.take(some(41))).rejects.toMatchObject({ status: 503 });
    await spool.take(some(40));
    await expect(spool.take(some(1))).rejects.toMatchObject({ status: 503 });
    expect(held).toBe(120);
    spool.close();
  });

  it('takes no more at once than there is to be', async () => {
    const spool = make({ heldMax: 120 });
    const first = await spool.take(some(80));
    await expect(spool.take(some(80))).rejects.toMatchObject({ status: 503 });
    await spool.drop(first);
    await expect(spool.take(some(80))).resolves.toMatchObject({ bytes: 80 });
  });
});

describe('bytes that are held', () => {
  const of = (capacityMax: number): { bytes: HeldBytes; taken: number[] } => {
    const taken: number[] = [];
    const take = (more: number): boolean => taken.push(more) > 0;
    return { bytes: new HeldBytes(capacityMax, take), taken };
  };

  it('have the memory that is announced, and no more', () => {
    const { bytes, taken } = of(100);
    expect(bytes.add(Buffer.alloc(10), 30)).toBe(true);
    expect(bytes.add(Buffer.alloc(20), 30)).toBe(true);
    expect(taken).toEqual([30]);
    expect(bytes.add(Buffer.alloc(70), 30)).toBe(true);
    expect(bytes.add(Buffer.alloc(1), 30)).toBe(false);
    expect(bytes.content).toHaveLength(100);
    expect(bytes.capacity).toBe(100);
  });

  it('have few pieces, however many parts come', () => {
    const { bytes, taken } = of(1024 * KIB);
    for (let i = 0; i < 100 * KIB; i += 1) bytes.add(Buffer.of(i & 0xff));
    expect(taken).toEqual([16 * KIB, 16 * KIB, 32 * KIB, 64 * KIB]);
    expect(bytes.content[99 * KIB + 5]).toBe(5);
  });
});

describe('folders that dead gateways have left', () => {
  const nameOf = (pid: number): string => `tarwarden-gateway-${processName(pid)}-abc123`;
  const gone = (): number => spawnSync(process.execPath, ['--version']).pid;
  afterEach(() => vi.restoreAllMocks());

  function leave(name: string): string {
    const path = join(parent, name);
    mkdirSync(path);
    writeFileSync(join(path, 'download'), 'x');
    return path;
  }

  it.skipIf(process.platform !== 'linux')(
    'are removed, and neither those of others that run nor what they link to',
    () => {
      const dead = leave(nameOf(gone()));
      const running = leave(nameOf(process.ppid));
      const other = leave('sentinel');
      const link = join(parent, nameOf(gone()));
      symlinkSync(other, link);
      const spool = make();
      expect(existsSync(dead)).toBe(false);
      expect(existsSync(link)).toBe(false);
      expect(readdirSync(running)).toEqual(['download']);
      expect(readdirSync(other)).toEqual(['download']);
      expect(existsSync(spool.folder)).toBe(true);
      spool.close();
    },
  );

  it.skipIf(process.getuid === undefined)('stay where somebody else has made them', () => {
    const dead = leave(nameOf(gone()));
    vi.spyOn(process, 'getuid').mockReturnValue(process.getuid!() + 1);
    make().close();
    expect(readdirSync(dead)).toEqual(['download']);
  });

  it('are those that were not touched for a day, where the process is not of this machine', () => {
    const [old, young] = ['1', '2'].map((one) => leave(`tarwarden-gateway-elsewhere-${one}-7-abc`));
    const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
    utimesSync(old!, yesterday, yesterday);
    make().close();
    expect(readdirSync(parent)).toEqual([basename(young!)]);
  });
});

async function* cut(): AsyncGenerator<Buffer> {
  yield Buffer.alloc(10);
  throw new Error('reset');
}
