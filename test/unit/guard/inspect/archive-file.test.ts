import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, symlinkSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  ChangedFileError,
  openArchive,
  type DigestedFile,
  type OpenedArchive,
} from '@tarwarden/guard';
import {
  MAX_ARCHIVE_FILE_BYTES,
  MAX_WHEEL_FILE_BYTES,
  WHEEL_IN_MEMORY_BYTES,
} from '../../../../packages/core/src/limits.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let folder: string;
const open: DigestedFile[] = [];
freshFolder((made) => (folder = made));
afterEach(() => {
  for (const file of open.splice(0)) file.close();
});

/** A file of this size, most of it holes, that begins with some bytes. */
function put(size: number, head: Buffer = Buffer.alloc(0)): string {
  const path = join(folder, 'file');
  writeFileSync(path, head);
  truncateSync(path, size);
  return path;
}

function opened(path: string, inParts: boolean, follow = false): OpenedArchive {
  const result = openArchive(path, { inParts, follow });
  if ('file' in result) open.push(result.file);
  return result;
}

function large(head?: Buffer): { path: string; file: DigestedFile } {
  const path = put(WHEEL_IN_MEMORY_BYTES, head);
  const result = opened(path, true);
  if (!('file' in result)) throw new Error('not opened');
  return { path, file: result.file };
}

describe('openArchive', () => {
  it('reads a small one, of any format', () => {
    const bytes = randomBytes(1000);
    for (const inParts of [true, false])
      expect(opened(put(1000, bytes), inParts)).toEqual({ bytes });
    expect(opened(put(WHEEL_IN_MEMORY_BYTES - 1), true)).toHaveProperty('bytes');
  });

  it('opens a large one that can be read in parts, and computes its digests', () => {
    const head = randomBytes(2_500_000);
    const { file } = large(head);
    const whole = Buffer.alloc(WHEEL_IN_MEMORY_BYTES);
    head.copy(whole);
    expect(file).toMatchObject({
      length: whole.length,
      sha256: createHash('sha256').update(whole).digest('hex'),
      sha512: createHash('sha512').update(whole).digest('hex'),
    });
    const part = Buffer.alloc(1000);
    file.read(part, 2_400_000);
    expect(part).toEqual(whole.subarray(2_400_000, 2_401_000));
    expect(() => file.assertUnchanged()).not.toThrow();
  });

  it.each([
    [false, MAX_ARCHIVE_FILE_BYTES],
    [true, MAX_WHEEL_FILE_BYTES],
  ])('reads nothing of what is too large (in parts: %s)', (inParts, bytesMax) => {
    expect(opened(put(bytesMax + 1), inParts)).toEqual({ problem: 'too-large', bytesMax });
  });

  it('reads no folder, and no link unless it is followed', () => {
    expect(opened(folder, true)).toEqual({ problem: 'not-a-file' });
    const link = join(folder, 'link');
    symlinkSync(put(100), link);
    expect(() => opened(link, true)).toThrow('ELOOP');
    expect(opened(link, true, true)).toEqual({ bytes: Buffer.alloc(100) });
  });

  it('notices that the file was written to, or became shorter', () => {
    const { path, file } = large();
    const descriptor = openSync(path, 'r+');
    writeSync(descriptor, Buffer.alloc(1, 1));
    closeSync(descriptor);
    expect(() => file.assertUnchanged()).toThrow(ChangedFileError);
    truncateSync(path, 50);
    expect(() => file.read(Buffer.alloc(20), 40)).toThrow(ChangedFileError);
  });
});
