/** End records of zips, by the dialect of zip libraries. */
import { describe, expect, it } from 'vitest';
import { readZipOf } from '../../support/read-zip.ts';
import { zip, type ZipOptions } from '../../support/zip.ts';

const END = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);

describe('an end record', () => {
  const of = (options: ZipOptions): string[] =>
    readZipOf(zip([{ name: 'a', body: 'x' }], options)).codes;

  it('with a comment is noted', () => {
    expect(of({ comment: 'b2d5c1ab6bb45a6b1a1c8c5d4e3d6c7b8a9f0e1d' })).toEqual(['zip-comment']);
  });

  it.each(
    Object.entries<readonly [string, ZipOptions]>({
      'with another one in its comment': ['zip-end-record', { comment: END }],
      'with a signature at the end of its comment': ['zip-end-record', { comment: 'xPK\x05\x06' }],
      'with a comment that some readers do not look beyond': [
        'zip-end-record',
        { comment: 'x'.repeat(16_363) },
      ],
      'with a comment past the end of the file': [
        'zip-end-record',
        { comment: 'x', end: { commentLength: 2 } },
      ],
      'with bytes behind it': ['zip-trailing-bytes', { trailing: Buffer.from('x') }],
      'with another one behind it': ['zip-end-record', { trailing: END }],
      'with bytes before the archive that offsets do not count': [
        'zip-end-record',
        { prefix: Buffer.from('#!'), shift: false },
      ],
      'with bytes before the archive': ['zip-gap', { prefix: Buffer.from('#!') }],
      'with a full count and no zip64 record': [
        'zip-end-record',
        { end: { entries: 0xffff, entriesOnDisk: 0xffff } },
      ],
      'of zip64 that counts wrongly': [
        'zip-end-record',
        { zip64: true, end: { entries: 2, entriesOnDisk: 2 } },
      ],
      'of zip64 that counts in two ways': [
        'zip-end-record',
        { zip64: true, end: { entriesOnDisk: 2 } },
      ],
      'of zip64 whose directory is elsewhere': [
        'zip-end-record',
        { zip64: true, end: { offset: 1 } },
      ],
    }),
  )('%s is wrong', (_title, [code, options]) => {
    expect(of(options)).toContain(code);
  });

  /** From the start of the zip64 record. */
  const changed64 = (change: (end: Buffer) => void): string[] => {
    const bytes = zip([{ name: 'a', body: 'x' }], { zip64: true });
    change(bytes.subarray(bytes.length - 98));
    return readZipOf(bytes).codes;
  };

  it.each<[string, (end: Buffer) => void]>([
    ['says something else than that of zip64', (end) => void end.writeUInt16LE(2, 76 + 10)],
    ['has a locator that points elsewhere', (end) => void end.writeUInt32LE(0, 56 + 8)],
    ['has a zip64 record of other length', (end) => void end.writeUInt32LE(45, 4)],
    ['has a zip64 record on another disk', (end) => void end.writeUInt32LE(1, 56 + 4)],
    ['has a zip64 record without its signature', (end) => void end.writeUInt32LE(0, 0)],
    ['has a number that no file is as large as', (end) => void end.writeUInt32LE(1, 52)],
  ])('that %s is wrong', (_title, change) => {
    expect(changed64(change)).toEqual(['zip-end-record']);
  });

  it('may repeat what that of zip64 says', () => {
    expect(changed64((end) => void end.writeUInt16LE(1, 76 + 10))).toEqual([]);
  });
});
