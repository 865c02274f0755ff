import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChangedFileError, openDigested, type DigestedFile } from '@tarwarden/host';

let folder: string;
const open: DigestedFile[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-archive-'));
});
afterEach(() => {
  for (const file of open.splice(0)) file.close();
  rmSync(folder, { recursive: true, force: true });
});

const BOUNDS = { bytesMin: 10, bytesMax: 4_000_000, follow: false } as const;

function put(bytes: Buffer): string {
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  return path;
}

function opened(path: string): DigestedFile {
  const { file } = openDigested(path, BOUNDS);
  if (file === undefined) throw new Error('not opened');
  open.push(file);
  return file;
}

describe('openDigested', () => {
  it('computes the digests, and reads any part', () => {
    const bytes = randomBytes(2_500_000);
    const file = opened(put(bytes));
    expect(file).toMatchObject({
      length: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sha512: createHash('sha512').update(bytes).digest('hex'),
    });
    const part = Buffer.alloc(1000);
    file.read(part, 2_400_000);
    expect(part).toEqual(bytes.subarray(2_400_000, 2_401_000));
    expect(() => file.assertUnchanged()).not.toThrow();
  });

  it.each([
    ['smaller', 9],
    ['larger', 4_000_001],
  ])('opens no file that is %s than asked for', (_, size) => {
    const { stat, file } = openDigested(put(Buffer.alloc(size)), BOUNDS);
    expect(file).toBeUndefined();
    expect(stat.size).toBe(size);
  });

  it('opens no folder, and no link unless it is followed', () => {
    const path = put(Buffer.alloc(100));
    expect(openDigested(folder, { ...BOUNDS, bytesMin: 0 }).file).toBeUndefined();
    const link = join(folder, 'link');
    symlinkSync(path, link);
    expect(() => openDigested(link, BOUNDS)).toThrow('ELOOP');
    const { file } = openDigested(link, { ...BOUNDS, follow: true });
    expect(file?.length).toBe(100);
    file?.close();
  });

  it('notices that the file was written to, or became shorter', () => {
    const path = put(Buffer.alloc(100));
    const file = opened(path);
    writeFileSync(path, Buffer.alloc(100, 1));
    expect(() => file.assertUnchanged()).toThrow(ChangedFileError);
    truncateSync(path, 50);
    expect(() => file.read(Buffer.alloc(20), 40)).toThrow(ChangedFileError);
  });
});
